/** Training on Apache Spark, by Deeplearning4j's averaging of parameters. */
package org.dl4jx.examples.spark;
