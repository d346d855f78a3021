package org.dl4jx.workbench.data;

import java.util.List;

/**
 * One of the files of MNIST.
 *
 * @param name name of the unpacked file; the gzipped one also ends in {@code .gz}
 * @param md5 MD5 of the unpacked file, in lower-case hexadecimal digits
 */
public record MnistFile(String name, String md5) {
  /** The four files of MNIST. */
  public static final List<MnistFile> ALL =
      List.of(
          new MnistFile("train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb"),
          new MnistFile("train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624"),
          new MnistFile("t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea"),
          new MnistFile("t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637"));

  String gzipName() {
    return name + ".gz";
  }
}
