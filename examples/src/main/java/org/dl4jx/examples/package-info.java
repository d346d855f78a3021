/**
 * Trainers to copy: one file each, written with Deeplearning4j's own iterators, listeners and
 * evaluations. Each runs from the root folder, in less than two minutes on two cores:
 *
 * <pre>{@code
 * mvn -q compile exec:java -Dexec.mainClass=org.dl4jx.examples.MnistAdamW
 * }</pre>
 *
 * <p>With {@code -Pui} and {@code -Dexec.args=--ui}, Deeplearning4j's training UI shows it at work.
 *
 * <table>
 *   <caption>Examples</caption>
 *   <tr><th>Example</th><th>Shows</th></tr>
 *   <tr><td>{@link org.dl4jx.examples.MnistAdamW}</td>
 *       <td>AdamW with a warm-up and a cosine decay; start here</td></tr>
 *   <tr><td>{@link org.dl4jx.examples.MnistOneCycle}</td>
 *       <td>one cycle of the learning rate, and the inverse cycle of the momentum</td></tr>
 *   <tr><td>{@link org.dl4jx.examples.ScheduleFree}</td>
 *       <td>Schedule-Free AdamW, which needs no planned end: it stops when it no longer improves</td></tr>
 *   <tr><td>{@link org.dl4jx.examples.AveragedWeights}</td>
 *       <td>an average of the weights: evaluated on the way, saved to serve, and resumed</td></tr>
 *   <tr><td>{@link org.dl4jx.examples.SophiaWithHessian}</td>
 *       <td>Sophia-G, and the listener that estimates the curvature for it</td></tr>
 *   <tr><td>{@link org.dl4jx.examples.MuonWithAdamW}</td>
 *       <td>Muon for matrices and AdamW for everything else, with one updater</td></tr>
 *   <tr><td>{@link org.dl4jx.examples.Cifar10Cnn}</td>
 *       <td>a convolutional network with batch normalization, and which of its parameters decay</td></tr>
 *   <tr><td>{@link org.dl4jx.examples.GraphWithTwoOutputs}</td>
 *       <td>a {@code ComputationGraph} for a class and a number, one layer of which does not decay</td></tr>
 *   <tr><td>{@link org.dl4jx.examples.SameDiffAdamW}</td>
 *       <td>AdamW and its decay in SameDiff</td></tr>
 *   <tr><td>{@link org.dl4jx.examples.TransferLearningWithDecay}</td>
 *       <td>frozen features and a new head, and how to make its weights decay</td></tr>
 *   <tr><td>{@link org.dl4jx.examples.SaveAndResume}</td>
 *       <td>a run that is stopped, saved and resumed, with the result of one that was not</td></tr>
 *   <tr><td>{@link org.dl4jx.examples.CharacterLstm}</td>
 *       <td>a recurrent network that writes, and how truncated backpropagation counts steps</td></tr>
 *   <tr><td>{@link org.dl4jx.examples.ParallelTraining}</td>
 *       <td>{@code ParallelWrapper}, and how its workers count steps</td></tr>
 * </table>
 */
package org.dl4jx.examples;
