package org.dl4jx.workbench.data;

import java.io.IOException;

/** Thrown when data have to be unpacked or downloaded, but there is no folder for them. */
public class NoCacheException extends IOException {
  private static final long serialVersionUID = 1L;

  NoCacheException(String data) {
    super(data + " need a cache to be unpacked to, but this user has no home folder for one");
  }
}
