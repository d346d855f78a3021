package org.dl4jx.integration.documentation;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeParameterTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTreeScanner;
import com.sun.source.util.DocTrees;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;

/**
 * Finds public and protected elements that no comment describes, and parameters and results that
 * their comments leave out. doclint does that too; but in JDK 17 it asks for the components of a
 * record a second time, at its constructor, so modules with records do without it.
 */
final class MissingComments extends TreePathScanner<Void, Void> {
  private final DocTrees trees;
  private final CompilationUnitTree unit;
  private final List<String> found = new ArrayList<>();

  MissingComments(DocTrees trees, CompilationUnitTree unit) {
    this.trees = trees;
    this.unit = unit;
  }

  /** What is missing, with its place. */
  List<String> found() {
    return found;
  }

  @Override
  public Void visitClass(ClassTree tree, Void unused) {
    check(tree, Stream.concat(components(tree).stream(), names(tree.getTypeParameters())), false);
    return super.visitClass(tree, unused);
  }

  @Override
  public Void visitMethod(MethodTree tree, Void unused) {
    if (!isOverriding(tree)) {
      List<String> parameters =
          tree.getParameters().stream().map(p -> p.getName().toString()).toList();
      boolean isOfRecord = parameters.equals(components(parent())) && tree.getReturnType() == null;
      boolean returns =
          tree.getReturnType() != null && !tree.getReturnType().toString().equals("void");
      check(
          tree,
          Stream.concat(
              isOfRecord ? Stream.empty() : parameters.stream(), names(tree.getTypeParameters())),
          returns);
    }
    return null; // Nobody sees what is inside a method.
  }

  @Override
  public Void visitVariable(VariableTree tree, Void unused) {
    if (!components(parent()).contains(tree.getName().toString())) {
      check(tree, Stream.empty(), false);
    }
    return null;
  }

  private void check(Tree tree, Stream<String> parameters, boolean returns) {
    if (!isSeen()) {
      return;
    }
    String place = JavaSources.place(trees, unit, tree);
    DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
    if (comment == null) {
      found.add(place + ": no comment");
      return;
    }
    Tags tags = new Tags();
    tags.scan(comment, null);
    parameters
        .filter(name -> !tags.parameters.contains(name))
        .forEach(name -> found.add(place + ": no @param " + name));
    if (returns && !tags.hasReturn) {
      found.add(place + ": no @return");
    }
  }

  private Tree parent() {
    return getCurrentPath().getParentPath().getLeaf();
  }

  /** The components of a record; of anything else none. */
  private static List<String> components(Tree tree) {
    return tree.getKind() != Tree.Kind.RECORD
        ? List.of()
        : ((ClassTree) tree)
            .getMembers().stream()
                .filter(VariableTree.class::isInstance)
                .map(VariableTree.class::cast)
                .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                .map(field -> field.getName().toString())
                .toList();
  }

  private static Stream<String> names(List<? extends TypeParameterTree> parameters) {
    return parameters.stream().map(p -> "<" + p.getName() + ">");
  }

  private static boolean isOverriding(MethodTree method) {
    return method.getModifiers().getAnnotations().stream()
        .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
  }

  /** Whether users see this element: it and all around it are public or protected. */
  private boolean isSeen() {
    for (TreePath at = getCurrentPath(); at.getLeaf() != unit; at = at.getParentPath()) {
      Tree around = at.getParentPath().getLeaf();
      boolean isInInterface =
          around.getKind() == Tree.Kind.INTERFACE || around.getKind() == Tree.Kind.ANNOTATION_TYPE;
      Set<Modifier> modifiers = modifiers(at.getLeaf()).getFlags();
      if (!isInInterface
          && !modifiers.contains(Modifier.PUBLIC)
          && !modifiers.contains(Modifier.PROTECTED)) {
        return false;
      }
    }
    return true;
  }

  private static ModifiersTree modifiers(Tree tree) {
    if (tree instanceof ClassTree type) {
      return type.getModifiers();
    }
    return tree instanceof MethodTree method
        ? method.getModifiers()
        : ((VariableTree) tree).getModifiers();
  }

  /** What the tags of a comment describe. */
  private static final class Tags extends DocTreeScanner<Void, Void> {
    private final Set<String> parameters = new HashSet<>();
    private boolean hasReturn;

    @Override
    public Void visitParam(ParamTree tree, Void unused) {
      String name = tree.getName().toString();
      parameters.add(tree.isTypeParameter() ? "<" + name + ">" : name);
      return null;
    }

    @Override
    public Void visitReturn(ReturnTree tree, Void unused) {
      hasReturn = true;
      return null;
    }
  }
}
