/** The networks that the examples train. */
package org.dl4jx.workbench.models;
