/**
 * Files and folders that survive what happens around them: a killed process, a full disk, another
 * process in the same folder.
 */
package org.dl4jx.workbench.files;
