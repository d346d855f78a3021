package org.dl4jx.examples;

/** x. */
public final class Main {
  private Main() {}

  /**
   * @param args x
   */
  public static void main(String[] args) {}
}
