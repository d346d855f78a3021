package org.dl4jx.workbench;

import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.dl4jx.workbench.files.UserPath;

/** What the program asks of the Java it runs in, before anything else. */
final class Platform {
  private static final String HEADLESS = "java.awt.headless";

  private Platform() {}

  /**
   * Settings that do not depend on where the program runs. It draws without a screen unless {@code
   * -Djava.awt.headless=false} says otherwise, so that a {@code DISPLAY} that is gone does no harm.
   * It writes numbers in one way for all languages. It keeps no image in the folder for temporary
   * files, which may be full.
   */
  static void prepare() {
    setUnlessSet(HEADLESS, "true");
    Locale.setDefault(Locale.ENGLISH);
    ImageIO.setUseCache(false);
    if (UserPath.home().isEmpty()) {
      Path folder =
          Path.of(System.getProperty("java.io.tmpdir"), "dl4jx-" + System.getProperty("user.name"));
      setUnlessSet("org.bytedeco.javacpp.cachedir", folder.resolve("javacpp").toString());
      setUnlessSet("org.deeplearning4j.resources.directory", folder.resolve("dl4j").toString());
    }
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
