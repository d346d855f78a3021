package org.dl4jx.workbench;

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
    if (System.getProperty(HEADLESS) == null) {
      System.setProperty(HEADLESS, "true");
    }
    Locale.setDefault(Locale.ENGLISH);
    ImageIO.setUseCache(false);
    if (UserPath.home().isEmpty()) {
      UserPath.setHomeOfLibraries();
    }
  }
}
