/**
 * Updaters that Deeplearning4j lacks, set as its own are: {@code .updater(new AdamWDecoupled(1e-3,
 * 0.01))}. Weight decay needs one more line, {@link org.dl4jx.updaters.DecoupledDecay}.
 *
 * <p>η is the learning rate, λ the weight decay, t the number of the step, from 1; m and v are
 * running averages of the gradient and its square, m̂ and v̂ are corrected for their bias. An
 * updater counts its steps in its state, so that a run goes on from the state alone; schedules
 * follow Deeplearning4j's iteration and epoch.
 *
 * <table>
 *   <caption>Updaters</caption>
 *   <tr><th>Updater</th><th>Update θ ← θ - ...</th><th>State per parameter</th>
 *       <th>Choose it</th><th>Source</th><th>Nearest in Deeplearning4j, and how it differs</th></tr>
 *   <tr><td>{@link org.dl4jx.updaters.AdamWDecoupled}</td>
 *       <td>{@code η m̂ / (√v̂ + ε) + η λ θ}</td><td>2</td>
 *       <td>first, for deep networks</td>
 *       <td>Loshchilov and Hutter 2019; PyTorch's AdamW</td>
 *       <td>Adam with WeightDecay: adds a penalty to the score, and ε to the uncorrected root</td></tr>
 *   <tr><td>{@link org.dl4jx.updaters.AMSGradDecoupled}</td>
 *       <td>{@code η m̂ / (√x̂ + ε) + η λ θ}, x the maximum of all v</td><td>3</td>
 *       <td>where Adam stays unstable late in training</td>
 *       <td>Reddi, Kale and Kumar 2018; PyTorch's AdamW(amsgrad=True)</td>
 *       <td>AMSGrad: no decay, and ε on the uncorrected root</td></tr>
 *   <tr><td>{@link org.dl4jx.updaters.AdaBound}</td>
 *       <td>{@code clip(η √(1 - β2ᵗ) / (1 - β1ᵗ) / (√v + ε), lower(t), upper(t)) m + η λ θ}</td>
 *       <td>2, with amsBound 3</td>
 *       <td>to start like Adam and end like SGD</td>
 *       <td>Luo, Xiong, Liu and Sun 2019</td>
 *       <td>none</td></tr>
 *   <tr><td>{@link org.dl4jx.updaters.AveragedNesterovs}</td>
 *       <td>{@code v}, with {@code v ← γ v + η Σ wⱼ ∇J(θ - pⱼ γ v)}</td><td>2</td>
 *       <td>with momentum on noisy gradients; a step takes as many iterations as there are probes</td>
 *       <td>an average over the look-ahead of Sutskever et al. 2013</td>
 *       <td>Nesterovs: one probe, at the end of the look-ahead</td></tr>
 * </table>
 */
package org.dl4jx.updaters;
