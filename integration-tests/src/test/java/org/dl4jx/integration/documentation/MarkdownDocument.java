package org.dl4jx.integration.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** A Markdown document as GitHub reads it. */
final class MarkdownDocument {
  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(TablesExtension.create()))
          .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
          .build();

  private static final Pattern HTML_LINK = Pattern.compile("\\s(?:href|src)\\s*=\\s*\"([^\"]*)\"");
  private static final Pattern HTML_PICTURES = Pattern.compile("\\ssrcset\\s*=\\s*\"([^\"]*)\"");
  private static final Pattern HTML_ANCHOR = Pattern.compile("\\s(?:id|name)\\s*=\\s*\"([^\"]*)\"");

  private final Path file;
  private final List<CodeBlock> blocks = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final Set<String> anchors = new HashSet<>();

  /**
   * A fenced block.
   *
   * @param language the first word after the fence, or nothing
   * @param text what it holds
   * @param line where that begins, counted from 1
   */
  record CodeBlock(String language, String text, int line) {}

  /**
   * A table.
   *
   * @param names for each row below the heads, the first code in its first cell, or nothing
   * @param line where it begins
   */
  record Table(List<String> names, int line) {}

  /**
   * Where a link leads, or where an image is.
   *
   * @param destination as it is written
   * @param line where it stands
   */
  record Target(String destination, int line) {}

  private MarkdownDocument(Path file) {
    this.file = file;
  }

  static MarkdownDocument read(Path file) {
    try {
      MarkdownDocument document = new MarkdownDocument(file);
      PARSER.parse(Files.readString(file)).accept(document.new Reader());
      return document;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file() {
    return file;
  }

  List<CodeBlock> blocks() {
    return blocks;
  }

  /** The blocks of Java. */
  List<Example> examples() {
    return blocks.stream()
        .filter(block -> block.language.equals("java"))
        .map(block -> new Example(file, block.line, block.text))
        .toList();
  }

  List<Table> tables() {
    return tables;
  }

  /** Where links lead and where images are. */
  List<Target> targets() {
    return targets;
  }

  /** What {@code #...} may name: headings, and anchors in HTML. */
  Set<String> anchors() {
    return anchors;
  }

  private static int line(Node node) {
    for (Node at = node; at != null; at = at.getParent()) {
      if (!at.getSourceSpans().isEmpty()) {
        return at.getSourceSpans().get(0).getLineIndex() + 1;
      }
    }
    return 1;
  }

  private final class Reader extends AbstractVisitor {
    /** It follows the rules of GitHub, second headings of one name included. */
    private final IdGenerator ids = IdGenerator.builder().build();

    @Override
    public void visit(FencedCodeBlock block) {
      String language = block.getInfo().strip().split("[\\s{,]", 2)[0];
      blocks.add(new CodeBlock(language, block.getLiteral(), line(block) + 1));
    }

    @Override
    public void visit(CustomBlock block) {
      if (block instanceof TableBlock) {
        List<String> names = new ArrayList<>();
        for (Node part = block.getFirstChild(); part != null; part = part.getNext()) {
          if (part instanceof TableBody) {
            for (Node row = part.getFirstChild(); row != null; row = row.getNext()) {
              names.add(firstCode(row.getFirstChild()));
            }
          }
        }
        tables.add(new Table(names, line(block)));
      }
      visitChildren(block);
    }

    private static String firstCode(Node cell) {
      List<String> codes = new ArrayList<>();
      cell.accept(
          new AbstractVisitor() {
            @Override
            public void visit(Code code) {
              codes.add(code.getLiteral());
            }
          });
      return codes.isEmpty() ? "" : codes.get(0);
    }

    @Override
    public void visit(Heading heading) {
      StringBuilder text = new StringBuilder();
      heading.accept(
          new AbstractVisitor() {
            @Override
            public void visit(Text node) {
              text.append(node.getLiteral());
            }

            @Override
            public void visit(Code node) {
              text.append(node.getLiteral());
            }

            @Override
            public void visit(SoftLineBreak node) {
              text.append(' ');
            }
          });
      anchors.add(ids.generateId(text.toString()));
      visitChildren(heading);
    }

    @Override
    public void visit(Link link) {
      targets.add(new Target(link.getDestination(), line(link)));
      visitChildren(link);
    }

    @Override
    public void visit(Image image) {
      targets.add(new Target(image.getDestination(), line(image)));
      visitChildren(image);
    }

    @Override
    public void visit(HtmlBlock html) {
      read(html.getLiteral(), line(html));
    }

    @Override
    public void visit(HtmlInline html) {
      read(html.getLiteral(), line(html));
    }

    private void read(String html, int line) {
      Matcher links = HTML_LINK.matcher(html);
      while (links.find()) {
        targets.add(new Target(links.group(1), line + newlines(html, links.start())));
      }
      Matcher pictures = HTML_PICTURES.matcher(html);
      while (pictures.find()) {
        for (String picture : pictures.group(1).split(",")) {
          String destination = picture.strip().split("\\s")[0];
          targets.add(new Target(destination, line + newlines(html, pictures.start())));
        }
      }
      Matcher names = HTML_ANCHOR.matcher(html);
      while (names.find()) {
        anchors.add(names.group(1));
      }
    }

    private static int newlines(String text, int end) {
      return (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
    }
  }
}
