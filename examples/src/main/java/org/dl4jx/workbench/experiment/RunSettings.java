package org.dl4jx.workbench.experiment;

/**
 * Everything that decides how a run comes out.
 *
 * @param setup what it has in common with the others
 * @param candidate what is compared
 * @param seed decides initial weights and the order of images
 */
public record RunSettings(Setup setup, Candidate candidate, long seed) {}
