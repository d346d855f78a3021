package org.dl4jx.workbench.notation;

import static org.dl4jx.schedules.checks.Argument.refusal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dl4jx.updaters.LookaheadAverage;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * What can be set by name: on the builder of an updater or an average of dl4jx, or, by its setters,
 * on an updater of Deeplearning4j. The names are those of the methods, so there is no second list
 * of them.
 */
final class Settings {
  /** These are options of the command line. */
  private static final Set<String> ELSEWHERE =
      Set.of("learningRate", "weightDecay", "nonFiniteGradients");

  /** Classical momentum takes its gradient where it is; Nesterov's looks ahead. */
  private static final Map<String, Object> AVERAGES =
      Map.of(
          "start",
          LookaheadAverage.of(new double[] {0}, new double[] {1}),
          "end",
          LookaheadAverage.of(new double[] {1}, new double[] {1}),
          "thirds",
          LookaheadAverage.THIRDS,
          "quarters",
          LookaheadAverage.QUARTERS);

  private final Object target;
  private final Map<String, Method> methods = new TreeMap<>();

  /**
   * Finds what can be set.
   *
   * @param target a builder of dl4jx, or an updater of Deeplearning4j
   */
  Settings(Object target) {
    this.target = target;
    boolean isUpdater = target instanceof IUpdater;
    for (Method method : target.getClass().getMethods()) {
      String name = isUpdater ? property(method.getName()) : method.getName();
      boolean sets =
          method.getParameterCount() == 1
              && !method.isBridge()
              && isSupported(method.getParameterTypes()[0])
              && (isUpdater
                  ? method.getName().startsWith("set")
                  : method.getReturnType().isInstance(target));
      if (sets && !ELSEWHERE.contains(name)) {
        methods.put(name, method);
      }
    }
  }

  /** The property of a setter or getter: {@code beta1} of {@code setBeta1}. */
  private static String property(String method) {
    String rest = method.replaceFirst("^(set|get|is)", "");
    return rest.isEmpty()
        ? rest
        : rest.substring(0, 1).toLowerCase(Locale.ROOT) + rest.substring(1);
  }

  private static boolean isSupported(Class<?> type) {
    return type == double.class
        || type == int.class
        || type == boolean.class
        || type == LookaheadAverage.class
        || type.isEnum();
  }

  /** The names of all settings. */
  List<String> names() {
    return List.copyOf(methods.keySet());
  }

  /**
   * Sets something.
   *
   * @throws IllegalArgumentException if it cannot be set to this
   */
  void set(String name, String word) {
    Method method = methods.get(name);
    try {
      method.invoke(target, value(name, word, method.getParameterTypes()[0]));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(method + " must be public", e);
    }
  }

  private static Object value(String name, String word, Class<?> type) {
    if (type == LookaheadAverage.class) {
      return known(name, word, AVERAGES);
    } else if (type.isEnum()) {
      Map<String, Object> constants = new LinkedHashMap<>();
      for (Object constant : type.getEnumConstants()) {
        constants.put(label(constant), constant);
      }
      return known(name, word, constants);
    } else if (type == boolean.class) {
      return known(name, word, Map.of("true", true, "false", false));
    }
    try {
      if (type == int.class) {
        return Integer.valueOf(word);
      }
      double number = Double.parseDouble(word);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // As any other word.
    }
    throw new IllegalArgumentException(
        refusal(name, word, type == int.class ? "a whole number" : "a finite number"));
  }

  private static Object known(String name, String word, Map<String, Object> values) {
    if (!values.containsKey(word)) {
      throw new IllegalArgumentException(
          refusal(name, word, String.join(" or ", values.keySet().stream().sorted().toList())));
    }
    return values.get(word);
  }

  private static String label(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads a name, alone or with settings.
   *
   * @param text what was written
   * @param kind what is named, in one word
   * @param all all that there is, with the usual settings
   * @param label returns the name of one
   * @param with returns one with settings, given in parentheses
   * @return what was named
   * @throws IllegalArgumentException if the text is wrong
   */
  static <T> T labelled(
      String text,
      String kind,
      List<T> all,
      Function<T, String> label,
      BiFunction<T, String, T> with) {
    String plain = text.replaceAll("\\s", "");
    int bracket = plain.indexOf('(');
    String name = bracket < 0 ? plain : plain.substring(0, bracket);
    T named = Names.named(name, kind, all, label);
    return bracket < 0 ? named : with.apply(named, plain.substring(bracket));
  }

  /**
   * Reads settings.
   *
   * @param bracketed what is written after a name, such as {@code (beta1=0.9,beta2=0.99)}
   * @param names the names that there are
   * @param wrong makes the exception of what is wrong
   * @return what is given for each name, in the order of the text
   */
  static Map<String, String> parse(
      String bracketed, List<String> names, Function<String, IllegalArgumentException> wrong) {
    if (!bracketed.endsWith(")")) {
      throw wrong.apply("unbalanced parenthesis: ')' is missing at the end");
    }
    Map<String, String> given = new LinkedHashMap<>();
    String inside = bracketed.substring(1, bracketed.length() - 1);
    for (String setting : inside.isEmpty() ? List.<String>of() : Names.split(inside)) {
      String[] parts = setting.split("=", 2);
      if (parts.length < 2 || parts[1].isEmpty()) {
        throw wrong.apply("'" + setting + "' is not of the form key=value");
      } else if (!names.contains(parts[0])) {
        throw wrong.apply(
            names.isEmpty()
                ? "unknown key '" + parts[0] + "'"
                : String.format(
                    "unknown key '%s' (the nearest is %s)",
                    parts[0], Names.nearest(parts[0], names)));
      } else if (given.put(parts[0], parts[1]) != null) {
        throw wrong.apply(parts[0] + " is given twice");
      }
    }
    return given;
  }

  /**
   * How to write something with its settings.
   *
   * @param name its name
   * @param usual it with its usual settings
   * @return a form such as {@code adamw([beta1=0.9][,beta2=0.999])}
   */
  String form(String name, Object usual) {
    return methods.keySet().stream()
        .map(setting -> "[" + setting + "=" + shown(setting, usual) + "]")
        .collect(Collectors.joining(",", name + "(", ")"))
        .replace("],[", "][,");
  }

  private static String shown(String setting, Object usual) {
    return Arrays.stream(usual.getClass().getMethods())
        .filter(method -> method.getParameterCount() == 0)
        .filter(method -> method.getName().matches("(get|is)[A-Z].*"))
        .filter(method -> property(method.getName()).equals(setting))
        .findFirst()
        .map(getter -> shown(getter, usual))
        .orElse("...");
  }

  private static String shown(Method getter, Object usual) {
    try {
      Object value = getter.invoke(usual);
      if (value instanceof LookaheadAverage) {
        return AVERAGES.entrySet().stream()
            .filter(average -> average.getValue().equals(value))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse("...");
      }
      return value instanceof Enum<?> ? label(value) : String.valueOf(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(getter + " must be public", e);
    }
  }
}
