/**
 * Averages of weights, and evaluating a network at other weights than those it trains with.
 *
 * <table>
 *   <caption>What there is</caption>
 *   <tr><th>Class</th><th>What it is</th></tr>
 *   <tr><td>{@link org.dl4jx.averaging.ExponentialMovingAverage}</td>
 *     <td>an average of the latest weights</td></tr>
 *   <tr><td>{@link org.dl4jx.averaging.StochasticWeightAverage}</td>
 *     <td>the mean of the weights from some point on</td></tr>
 *   <tr><td>{@link org.dl4jx.averaging.EvaluationWeights}</td>
 *     <td>evaluates and saves a network at an average, or where its updater wants it to be
 *       evaluated</td></tr>
 *   <tr><td>{@link org.dl4jx.averaging.BatchNormalizationStatistics}</td>
 *     <td>estimates the statistics of batch normalization for averaged weights</td></tr>
 * </table>
 */
package org.dl4jx.averaging;
