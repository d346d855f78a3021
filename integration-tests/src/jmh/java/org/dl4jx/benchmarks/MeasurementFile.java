package org.dl4jx.benchmarks;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.dl4jx.benchmarks.Measurement.Quantity;
import org.dl4jx.workbench.files.AtomicFile;

/** Measurements as CSV. */
final class MeasurementFile {
  private static final String[] HEADER = {
    "quantity",
    "subject",
    "contest",
    "contestant",
    "type",
    "threads",
    "parameters",
    "process",
    "median",
    "lower_quartile",
    "upper_quartile",
    "samples"
  };

  private MeasurementFile() {}

  static void write(Path file, List<Measurement> measurements) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          CSVPrinter printer =
              CSVFormat.DEFAULT
                  .builder()
                  .setHeader(HEADER)
                  .setRecordSeparator('\n')
                  .get()
                  .print(writer);
          print(printer, measurements);
          printer.flush();
        });
  }

  /** Adds lines to a file without a header, into which one process writes after the other. */
  static void append(Path file, List<Measurement> measurements) throws IOException {
    try (Writer writer =
            Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        CSVPrinter printer = CSVFormat.DEFAULT.print(writer)) {
      print(printer, measurements);
    }
  }

  private static void print(CSVPrinter printer, List<Measurement> measurements) throws IOException {
    for (Measurement m : measurements) {
      printer.printRecord(
          m.quantity(),
          m.subject(),
          m.contest().label(),
          m.contestant(),
          m.type(),
          m.threads(),
          m.parameters(),
          m.process(),
          m.median(),
          m.lowerQuartile(),
          m.upperQuartile(),
          m.samples());
    }
  }

  /** What {@link #write} wrote. */
  static List<Measurement> read(Path file) throws IOException {
    return read(
        file, CSVFormat.DEFAULT.builder().setHeader(HEADER).setSkipHeaderRecord(true).get());
  }

  /** What {@link #append} wrote. */
  static List<Measurement> readAppended(Path file) throws IOException {
    return read(file, CSVFormat.DEFAULT.builder().setHeader(HEADER).get());
  }

  private static List<Measurement> read(Path file, CSVFormat format) throws IOException {
    try (Reader reader = Files.newBufferedReader(file);
        CSVParser parser = format.parse(reader)) {
      return parser.stream().map(MeasurementFile::measurement).toList();
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is not a file of measurements: " + e.getMessage(), e);
    }
  }

  private static Measurement measurement(CSVRecord line) {
    return new Measurement(
        Quantity.valueOf(line.get("quantity")),
        line.get("subject"),
        Contest.labelled(line.get("contest")),
        Contestant.valueOf(line.get("contestant")),
        NumberType.valueOf(line.get("type")),
        Integer.parseInt(line.get("threads")),
        Long.parseLong(line.get("parameters")),
        Long.parseLong(line.get("process")),
        Double.parseDouble(line.get("median")),
        Double.parseDouble(line.get("lower_quartile")),
        Double.parseDouble(line.get("upper_quartile")),
        Long.parseLong(line.get("samples")));
  }
}
