/**
 * Updaters that Deeplearning4j is missing. Use them like its own: {@code .updater(new
 * AdamWDecoupled(1e-3, 0.01))}. Weight decay needs one more call, {@link
 * org.dl4jx.updaters.DecoupledDecay#attach attach}.
 *
 * <p>In the formulas, η is the learning rate, λ the weight decay, and t the number of the step,
 * counted from 1. m and v are running averages of the gradient and of its square; m̂ and v̂ are
 * corrected for bias. An updater counts its steps in its state, so a restored model continues
 * exactly where it stopped. Schedules follow Deeplearning4j's iteration and epoch.
 *
 * <p>Averages of weights, and evaluating at them, are in {@link org.dl4jx.averaging}.
 *
 * <p>Each class has the formula, when to take it, and its caveats. The page on updaters in the
 * documentation has the names in PyTorch, Optax and Keras, and where definitions differ.
 *
 * <table>
 *   <caption>Updaters</caption>
 *   <tr><th>Updater</th><th>What it is</th><th>State per parameter</th>
 *     <th>Nearest in Deeplearning4j</th><th>Source</th></tr>
 *   <tr><td>{@link AdamWDecoupled}</td><td>Adam with decoupled weight decay; the usual first choice</td><td>2</td>
 *     <td>{@code Adam} with {@code WeightDecay(λ, true)}</td><td>Loshchilov and Hutter 2019</td></tr>
 *   <tr><td>{@link AMSGradDecoupled}</td><td>AdamW whose denominator never shrinks</td><td>3</td>
 *     <td>{@code AMSGrad}</td><td>Reddi, Kale and Kumar 2018</td></tr>
 *   <tr><td>{@link NAdamW}</td><td>AdamW with Nesterov momentum</td><td>2</td>
 *     <td>{@code Nadam}</td><td>Dozat 2016</td></tr>
 *   <tr><td>{@link RAdam}</td><td>Adam with a built-in warm-up</td><td>2</td>
 *     <td>{@code Adam}</td><td>Liu et al. 2020</td></tr>
 *   <tr><td>{@link AdaBeliefDecoupled}</td><td>Adam that divides by how far gradients are from their average</td><td>2</td>
 *     <td>{@code AdaBelief}</td><td>Zhuang et al. 2020</td></tr>
 *   <tr><td>{@link ScheduleFreeAdamW}</td><td>AdamW that averages weights instead of lowering the learning rate</td><td>2</td>
 *     <td>{@code Adam}</td><td>Defazio et al. 2024</td></tr>
 *   <tr><td>{@link AdaBound}</td><td>starts like Adam, ends like SGD</td><td>2, or 3 with {@code amsBound}</td>
 *     <td>none</td><td>Luo, Xiong, Liu and Sun 2019</td></tr>
 *   <tr><td>{@link SWATS}</td><td>Adam that switches to SGD, with a learning rate that it finds</td><td>2</td>
 *     <td>{@code Adam}, then {@code Nesterovs}</td><td>Keskar and Socher 2017</td></tr>
 *   <tr><td>{@link AveragedNesterovs}</td><td>Nesterov momentum with averaged gradients</td><td>2</td>
 *     <td>{@code Nesterovs}</td><td>Sutskever et al. 2013, averaged</td></tr>
 *   <tr><td>{@link Lion}</td><td>momentum, of which only the sign counts; half the state of AdamW</td><td>1</td>
 *     <td>none</td><td>Chen et al. 2023</td></tr>
 *   <tr><td>{@link AdagradDecoupled}</td><td>a rate for each parameter, for sparse features</td><td>1</td>
 *     <td>{@code AdaGrad}</td><td>Duchi, Hazan and Singer 2011</td></tr>
 *   <tr><td>{@link AdadeltaDecoupled}</td><td>needs no learning rate to be tuned</td><td>2</td>
 *     <td>{@code AdaDelta}</td><td>Zeiler 2012</td></tr>
 *   <tr><td>{@link SophiaG}</td><td>momentum over curvature, which {@link SophiaHessian} estimates</td><td>2</td>
 *     <td>none</td><td>Liu et al. 2023</td></tr>
 *   <tr><td>{@link LAMB}</td><td>AdamW for very large batches</td><td>2</td>
 *     <td>{@code Adam}</td><td>You et al. 2020</td></tr>
 *   <tr><td>{@link Muon}</td><td>orthogonalizes the updates of hidden matrices; AdamW for the rest</td><td>2</td>
 *     <td>none</td><td>Jordan et al. 2024</td></tr>
 *   <tr><td>{@link Lookahead}</td><td>around any updater: k steps forward, then part of the way back</td><td>1 more</td>
 *     <td>none</td><td>Zhang, Lucas, Hinton and Ba 2019</td></tr>
 * </table>
 */
package org.dl4jx.updaters;
