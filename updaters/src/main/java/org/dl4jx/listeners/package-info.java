/**
 * Listeners whose state is saved in the file of the model.
 *
 * <table>
 *   <caption>Listeners</caption>
 *   <tr><th>Class</th><th>What it does</th></tr>
 *   <tr><td>{@link org.dl4jx.listeners.ReduceOnPlateau}</td>
 *     <td>lowers learning rates when a score stops improving</td></tr>
 *   <tr><td>{@link org.dl4jx.listeners.SavedListener}</td>
 *     <td>what these listeners and the averages of weights have in common</td></tr>
 *   <tr><td>{@link org.dl4jx.listeners.ModelFile}</td>
 *     <td>the file of a model</td></tr>
 * </table>
 */
package org.dl4jx.listeners;
