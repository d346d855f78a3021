/**
 * Schedules that Deeplearning4j is missing, for momentum and for the learning rate of any updater.
 *
 * <p>A schedule is an immutable value and a pure function of iteration and epoch. Beyond its end,
 * it keeps its last value. It never returns NaN or a negative number. A negative iteration or epoch
 * gets an {@link IllegalArgumentException}.
 *
 * <p>Schedules survive JSON, YAML and Java serialization inside any updater, so a saved model can
 * be restored and trained further. JSON and YAML contain every parameter by name, including
 * defaults. If one is null or missing, the error names it; only those that older versions did not
 * write may be missing.
 *
 * <p>Count by {@code ITERATION} unless you have a reason not to. With {@code EPOCH}, a warm-up from
 * 0 trains nothing in the first epoch; {@link org.dl4jx.schedules.TypedSchedule} says why.
 *
 * <table>
 *   <caption>Schedules</caption>
 *   <tr><th>Schedule</th><th>What it is</th><th>Source</th></tr>
 *   <tr><td>{@link WarmupCosineSchedule}</td><td>a linear warm-up, then half a cosine to a floor</td><td>Loshchilov and Hutter 2017</td></tr>
 *   <tr><td>{@link CosineSchedule}</td><td>half a cosine from a peak to a floor</td><td>Loshchilov and Hutter 2017</td></tr>
 *   <tr><td>{@link OneCycleSchedule}</td><td>up to a maximum, then down far below the start</td><td>Smith and Topin 2018</td></tr>
 *   <tr><td>{@link OneCycleMomentumSchedule}</td><td>the momentum for one cycle: down, then up again</td><td>Smith and Topin 2018</td></tr>
 *   <tr><td>{@link CyclicalSchedule}</td><td>up and down in lines, over and over</td><td>Smith 2017</td></tr>
 *   <tr><td>{@link CosineRestartsSchedule}</td><td>a cosine that restarts (SGDR)</td><td>Loshchilov and Hutter 2017</td></tr>
 *   <tr><td>{@link PolynomialDecaySchedule}</td><td>falls as a power of the steps that are left</td><td>PyTorch, Keras</td></tr>
 *   <tr><td>{@link RexSchedule}</td><td>falls slowly at first, then ever faster</td><td>Chen et al. 2022</td></tr>
 *   <tr><td>{@link InverseSquareRootSchedule}</td><td>a linear warm-up, then falls as 1/√t</td><td>Vaswani et al. 2017</td></tr>
 *   <tr><td>{@link PowerDecaySchedule}</td><td>falls as an inverse power of the step</td><td>Robbins and Monro 1951</td></tr>
 *   <tr><td>{@link WarmupStableDecaySchedule}</td><td>a line up, a plateau, a fall of one of four shapes</td><td>Hu et al. 2024, Hägele et al. 2024</td></tr>
 *   <tr><td>{@link PiecewiseInterpolationSchedule}</td><td>lines or cosines between given points</td><td>Optax</td></tr>
 *   <tr><td>{@link DemonSchedule}</td><td>a momentum that decays to 0</td><td>Chen et al. 2019</td></tr>
 *   <tr><td>{@link WarmupSchedule}</td><td>a warm-up before any other schedule</td><td>Goyal et al. 2017, Ma and Yarats 2021</td></tr>
 *   <tr><td>{@link SequenceSchedule}</td><td>one schedule after another</td><td>Optax, PyTorch</td></tr>
 *   <tr><td>{@link ScaledSchedule}</td><td>another schedule times a factor</td><td></td></tr>
 *   <tr><td>{@link ProductSchedule}</td><td>schedules times each other</td><td>PyTorch</td></tr>
 * </table>
 */
package org.dl4jx.schedules;
