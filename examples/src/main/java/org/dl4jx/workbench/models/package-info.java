/** The networks that the workbench trains. */
package org.dl4jx.workbench.models;
