package org.dl4jx.integration.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.api.UIServer;
import org.dl4jx.integration.Networks;
import org.dl4jx.schedules.CosineSchedule;
import org.dl4jx.updaters.AdamWDecoupled;
import org.dl4jx.updaters.DecoupledDecay;
import org.dl4jx.workbench.ui.TrainingUi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.schedule.ScheduleType;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The pages of the training UI, in headless Chromium. It takes pictures of them as well. */
@Tag("ui")
class TrainingUiTest {
  private static final Path PICTURES = Path.of("target", "training-ui");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static TrainingUi ui;

  @TempDir Path folder;
  private ChromeDriver browser;

  @BeforeAll
  static void train() throws Exception {
    FreePort.use();
    ui = TrainingUi.start();
    MultiLayerNetwork network =
        Networks.network(
            DecoupledDecay.attach(
                Networks.classifier(
                    Networks.with(
                        DataType.FLOAT,
                        new AdamWDecoupled(
                            new CosineSchedule(ScheduleType.ITERATION, 1e-2, 300, 0), 0.01)))));
    ui.show(network);
    for (int i = 0; i < 300; i++) {
      network.fit(Networks.batch(DataType.FLOAT, i));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    UIServer.stopInstance();
  }

  @BeforeEach
  void startTheBrowser() {
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(driver()).build(),
            new ChromeOptions()
                .addArguments(
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--user-data-dir=" + folder));
    browser.manage().window().setSize(new Dimension(1400, 1100));
  }

  /** Selenium would look for one to download. */
  private static File driver() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(directory -> new File(directory, "chromedriver"))
        .filter(File::canExecute)
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "there is no chromedriver on the PATH: apt-get install -y chromium"
                        + " chromium-driver"));
  }

  @AfterEach
  void closeTheBrowser() {
    browser.quit();
  }

  @Test
  void theOverviewHasACurveOfScores() throws Exception {
    browser.get(ui.address() + "/overview");

    // The listener reports every tenth iteration.
    until("return $('#scoreiterchart').data('plot').getData()[0].data.length", 29L);
    picture("overview.png");
  }

  @Test
  void theModelPageHasTheUpdaterOfALayerAndItsRates() throws Exception {
    browser.get(ui.address() + "/model");
    until("return window.cy ? cy.nodes().length : 0", 3L);
    assertThat(browser.findElement(By.tagName("body")).getText()).doesNotContain("AdamWDecoupled");

    browser.executeScript("cy.getElementById('1').emit('click')");

    until("return document.body.innerText.includes('AdamWDecoupled')", true);
    until("return $('#learningrate').data('plot').getData()[0].data.length", 29L);
    picture("model.png");
  }

  /** Waits until a script returns what it should; pages get their data a little later. */
  private void until(String script, Object expected) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Object result;
    do {
      Thread.sleep(200);
      result = browser.executeScript("try { " + script + " } catch (e) { return '' + e }");
    } while (!expected.equals(result) && System.nanoTime() < end);
    assertThat(result).as(script).isEqualTo(expected);
  }

  private void picture(String name) throws Exception {
    Files.createDirectories(PICTURES);
    Files.write(PICTURES.resolve(name), browser.getScreenshotAs(OutputType.BYTES));
  }
}
