/**
 * Schedules that Deeplearning4j lacks, for the learning rate of any updater and for momentum.
 *
 * <p>A schedule is an immutable value and a pure function of iteration and epoch. It holds its last
 * value beyond its end, never returns NaN or a negative number, refuses a negative iteration or
 * epoch, and survives JSON, YAML and Java serialization inside any updater, so a saved model can be
 * restored and trained on. JSON and YAML hold every parameter by its name, defaults too; one that
 * is null or missing is refused by name.
 *
 * <p>With type {@code EPOCH} a schedule follows Deeplearning4j's epoch counter, which moves only
 * when {@code fit(iterator)} ends a pass, or by {@code incrementEpochCount()}. A warm-up from 0 by
 * {@code EPOCH} trains nothing in the whole first epoch, and nothing ever in a loop of {@code
 * fit(dataSet)} or inside {@code pretrain}. Count by {@code ITERATION} there, or start above 0. A
 * schedule that holds others refuses those of the other type; see {@link
 * org.dl4jx.schedules.TypedSchedule}.
 *
 * <table>
 *   <caption>Schedules; t is the step, T their number, w the warm-up</caption>
 *   <tr><th>Schedule</th><th>Value</th><th>Parameters</th><th>Source</th>
 *       <th>Nearest in Deeplearning4j, and what is wrong with it or missing</th></tr>
 *   <tr><td>{@link org.dl4jx.schedules.WarmupCosineSchedule}</td>
 *       <td>line from {@code initial} to {@code peak}, then half a cosine to {@code floor}</td>
 *       <td>peak, warmupSteps, totalSteps; initial 0, floor 0</td>
 *       <td>Loshchilov and Hutter 2017; Optax {@code warmup_cosine_decay_schedule}</td>
 *       <td>none; {@code RampSchedule} warms up, but a saved model that uses it cannot be restored</td></tr>
 *   <tr><td>{@link org.dl4jx.schedules.CosineSchedule}</td>
 *       <td>{@code floor + (peak - floor) (1 + cos(π t/T)) / 2}</td>
 *       <td>peak, totalSteps, floor</td>
 *       <td>the same; PyTorch {@code CosineAnnealingLR}</td>
 *       <td>none</td></tr>
 *   <tr><td>{@link org.dl4jx.schedules.OneCycleSchedule}</td>
 *       <td>up to {@code maxValue}, then down far below the start; cosine or line, two or three phases; {@code momentum(base, max)} is the inverse cycle</td>
 *       <td>maxValue, totalSteps; pctStart 0.3, divFactor 25, finalDivFactor 1e4</td>
 *       <td>Smith and Topin 2018; PyTorch {@code OneCycleLR}</td>
 *       <td>{@code CycleSchedule}: lines only, no momentum</td></tr>
 *   <tr><td>{@link org.dl4jx.schedules.CyclicalSchedule}</td>
 *       <td>up and down in lines, of one height, halving, or shrinking by {@code gammaᵗ}</td>
 *       <td>mode, base, maxValue, stepsUp, stepsDown, gamma</td>
 *       <td>Smith 2017; PyTorch {@code CyclicLR}</td>
 *       <td>none ({@code CycleSchedule} is one cycle)</td></tr>
 *   <tr><td>{@link org.dl4jx.schedules.CosineRestartsSchedule}</td>
 *       <td>cosine in periods {@code period · multiplierⁱ} from {@code peak · decayⁱ}</td>
 *       <td>peak, period, multiplier, decay, floor</td>
 *       <td>SGDR, Loshchilov and Hutter 2017; PyTorch {@code CosineAnnealingWarmRestarts}</td>
 *       <td>none</td></tr>
 *   <tr><td>{@link org.dl4jx.schedules.PolynomialDecaySchedule}</td>
 *       <td>{@code floor + (initial - floor) (1 - t/T)ᵖᵒʷᵉʳ}</td>
 *       <td>initial, totalSteps, power, floor</td>
 *       <td>PyTorch {@code PolynomialLR}, Keras {@code PolynomialDecay}</td>
 *       <td>{@code PolySchedule}: grows instead of decaying</td></tr>
 *   <tr><td>{@link org.dl4jx.schedules.InverseSquareRootSchedule}</td>
 *       <td>line to {@code peak}, then {@code peak √(w/t)}</td>
 *       <td>peak, warmupSteps</td>
 *       <td>Vaswani et al. 2017</td>
 *       <td>none</td></tr>
 *   <tr><td>{@link org.dl4jx.schedules.PowerDecaySchedule}</td>
 *       <td>{@code initial / (1 + rate t)ᵖᵒʷᵉʳ}</td>
 *       <td>initial, rate, power</td>
 *       <td>Robbins and Monro 1951; Keras {@code InverseTimeDecay}</td>
 *       <td>{@code InverseSchedule}: the same formula; checks no arguments</td></tr>
 *   <tr><td>{@link org.dl4jx.schedules.WarmupStableDecaySchedule}</td>
 *       <td>line up, level, line down</td>
 *       <td>peak, warmupSteps, decaySteps, totalSteps, floor</td>
 *       <td>Hu et al. 2024</td>
 *       <td>none</td></tr>
 *   <tr><td>{@link org.dl4jx.schedules.DemonSchedule}</td>
 *       <td>momentum {@code β (1 - t/T) / (1 - β + β (1 - t/T))}</td>
 *       <td>initial, totalSteps</td>
 *       <td>Chen et al. 2019</td>
 *       <td>none</td></tr>
 *   <tr><td>{@link org.dl4jx.schedules.WarmupSchedule}</td>
 *       <td>a linear or constant warm-up before any other schedule of its type</td>
 *       <td>warmupSteps, schedule; mode LINEAR, initial 0</td>
 *       <td>Goyal et al. 2017; Optax {@code join_schedules}</td>
 *       <td>{@code RampSchedule}: not restorable</td></tr>
 *   <tr><td>{@link org.dl4jx.schedules.SequenceSchedule}</td>
 *       <td>one schedule after the other, all of one type, each from its own zero</td>
 *       <td>schedules, boundaries</td>
 *       <td>Optax {@code join_schedules}, PyTorch {@code SequentialLR}</td>
 *       <td>none ({@code MapSchedule} is for constants)</td></tr>
 *   <tr><td>{@link org.dl4jx.schedules.ScaledSchedule}</td>
 *       <td>{@code factor ·} another schedule</td>
 *       <td>factor, schedule</td>
 *       <td></td>
 *       <td>none</td></tr>
 * </table>
 */
package org.dl4jx.schedules;
