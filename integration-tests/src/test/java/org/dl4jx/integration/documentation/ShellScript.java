package org.dl4jx.integration.documentation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads as much of a shell's language as commands in documentation need: words, quotes, variables,
 * comments, and lines that end in a backslash.
 */
final class ShellScript {
  private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_]\\w*)=(?s:(.*))");
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{([A-Za-z_]\\w*)}|([A-Za-z_]\\w*)|([*@#\\d]))");
  private static final Set<String> RESERVED = Set.of("do", "then", "else", "{", "!", "time", "$");

  private final String text;
  private int at;
  private int line;
  private final Map<String, String> variables = new HashMap<>();
  private final List<Command> commands = new ArrayList<>();

  /**
   * A command.
   *
   * @param environment what is set for it alone, or exported before
   * @param words its words
   * @param line where it begins in the script, counted from 1
   * @param dependsOnArguments whether it has words from the arguments of a script or function
   */
  record Command(
      Map<String, String> environment, List<String> words, int line, boolean dependsOnArguments) {}

  private ShellScript(String text) {
    this.text = text.replace("\r\n", "\n");
    this.line = 1;
  }

  /**
   * Reads a script.
   *
   * @throws IllegalArgumentException if a quote has no end
   */
  static List<Command> commands(String text) {
    ShellScript script = new ShellScript(text);
    script.read();
    return script.commands;
  }

  private void read() {
    Map<String, String> exported = new LinkedHashMap<>();
    while (at < text.length()) {
      int begin = line;
      List<Word> words = readWords();
      while (!words.isEmpty() && RESERVED.contains(words.get(0).text)) {
        words.remove(0);
      }
      boolean exports = !words.isEmpty() && words.get(0).text.equals("export");
      if (exports) {
        words.remove(0);
      }
      Map<String, String> environment = new LinkedHashMap<>(exported);
      while (!words.isEmpty() && ASSIGNMENT.matcher(words.get(0).text).matches()) {
        Matcher assignment = ASSIGNMENT.matcher(words.remove(0).text);
        assignment.matches();
        environment.put(assignment.group(1), assignment.group(2));
      }
      if (words.isEmpty()) {
        variables.putAll(environment);
        if (exports) {
          exported.putAll(environment);
        }
      } else {
        commands.add(
            new Command(
                environment,
                words.stream().map(Word::text).toList(),
                begin,
                words.stream().anyMatch(Word::dependsOnArguments)));
      }
    }
  }

  private record Word(String text, boolean dependsOnArguments) {}

  /** The words up to the end of a command, which is passed over. */
  private List<Word> readWords() {
    List<Word> words = new ArrayList<>();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        line++;
        at++;
        return words;
      } else if (c == ';' || c == '&' || c == '|') {
        at++;
        return words;
      } else if (c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
        line++;
        at += 2;
      } else if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (Character.isWhitespace(c)) {
        at++;
      } else {
        words.addAll(readWord());
      }
    }
    return words;
  }

  /** A word, or several if a variable without quotes has several. */
  private List<Word> readWord() {
    StringBuilder word = new StringBuilder();
    boolean isQuoted = false;
    boolean hasVariable = false;
    boolean dependsOnArguments = false;
    while (at < text.length() && " \t\n;&|".indexOf(text.charAt(at)) < 0) {
      char c = text.charAt(at);
      if (c == '\'' || c == '"') {
        int begin = at;
        String quoted = readQuoted(c);
        isQuoted = true;
        dependsOnArguments |= c == '"' && hasArguments(quoted);
        word.append(c == '"' ? unescape(replaceVariables(quoted)) : quoted);
        line += (int) text.substring(begin, at).chars().filter(n -> n == '\n').count();
      } else if (c == '$') {
        Matcher variable = VARIABLE.matcher(text).region(at, text.length());
        if (variable.lookingAt()) {
          hasVariable = true;
          dependsOnArguments |= variable.group(3) != null;
          word.append(replaceVariables(variable.group()));
          at = variable.end();
        } else {
          word.append(c);
          at++;
        }
      } else if (c == '\\' && at + 1 < text.length()) {
        word.append(text.charAt(at + 1));
        at += 2;
      } else {
        word.append(c);
        at++;
      }
    }
    boolean depends = dependsOnArguments;
    return hasVariable && !isQuoted
        ? List.of(word.toString().strip().split("\\s+")).stream()
            .map(part -> new Word(part, depends))
            .toList()
        : List.of(new Word(word.toString(), depends));
  }

  /** What is between quotes; at the end of it. */
  private String readQuoted(char quote) {
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != quote) {
      end += quote == '"' && text.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= text.length()) {
      throw new IllegalArgumentException("line " + line + ": a quote without its end");
    }
    String quoted = text.substring(at + 1, end);
    at = end + 1;
    return quoted;
  }

  private static boolean hasArguments(String quoted) {
    return VARIABLE.matcher(quoted).results().anyMatch(result -> result.group(3) != null);
  }

  /** Those that the script has set; others stay as they are written. */
  private String replaceVariables(String quoted) {
    return VARIABLE
        .matcher(quoted)
        .replaceAll(
            result -> {
              String name = result.group(1) == null ? result.group(2) : result.group(1);
              String value = name == null ? null : variables.get(name);
              return Matcher.quoteReplacement(value == null ? result.group() : value);
            });
  }

  private static String unescape(String quoted) {
    return quoted.replaceAll("\\\\([\\\\\"$`])", "$1").replace("\\\n", "");
  }
}
