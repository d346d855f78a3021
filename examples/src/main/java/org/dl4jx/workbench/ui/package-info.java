/** Deeplearning4j's training UI. */
package org.dl4jx.workbench.ui;
