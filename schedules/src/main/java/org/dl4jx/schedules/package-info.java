/**
 * Schedules that Deeplearning4j lacks, for the learning rate of any updater.
 *
 * <p>A schedule is an immutable value and a pure function of iteration and epoch. It holds its last
 * value beyond its end, never returns NaN or a negative number, and survives JSON, YAML and Java
 * serialization inside any updater, so a saved model can be restored and trained on.
 *
 * <table>
 *   <caption>Schedules</caption>
 *   <tr><th>Schedule</th><th>Use</th><th>Source</th></tr>
 *   <tr><td>{@link org.dl4jx.schedules.WarmupCosineSchedule}</td>
 *       <td>a linear rise, then half a cosine down; the usual companion of AdamW</td>
 *       <td>Loshchilov and Hutter 2017; Optax</td></tr>
 * </table>
 */
package org.dl4jx.schedules;
