/**
 * Updaters that Deeplearning4j lacks, set as its own are: {@code .updater(new AdamWDecoupled(1e-3,
 * 0.01))}. Weight decay needs one more line, {@link org.dl4jx.updaters.DecoupledDecay#attach}.
 *
 * <table>
 *   <caption>Updaters</caption>
 *   <tr><th>Updater</th><th>Update</th><th>Numbers of state a parameter</th></tr>
 *   <tr><td>{@link org.dl4jx.updaters.AdamWDecoupled}</td>
 *       <td>{@code η m̂ / (√v̂ + ε) + η λ θ}</td><td>2</td></tr>
 * </table>
 */
package org.dl4jx.updaters;
