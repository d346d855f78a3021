package org.dl4jx.updaters;

import static org.dl4jx.schedules.checks.Argument.rate;

import java.util.List;
import java.util.Map;
import org.dl4jx.schedules.checks.Given;
import org.dl4jx.updaters.engine.Cells;
import org.dl4jx.updaters.engine.Rule;
import org.dl4jx.updaters.engine.Step;
import org.dl4jx.updaters.engine.UpdaterConfiguration;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * The example of docs/adding-an-updater.md: gradient descent with momentum, like a rolling heavy
 * ball.
 *
 * <pre>
 * v ← γ v + g
 * θ ← θ - η v
 * </pre>
 *
 * <p>Parameters: learning rate η (at least 0; default 0.1) or its schedule, momentum γ (in [0, 1);
 * 0.9). State: {@code V}, one number per parameter.
 *
 * <p>Polyak, Some methods of speeding up the convergence of iteration methods (1964), equation 9.
 */
@JsonDeserialize(builder = HeavyBall.Builder.class)
public final class HeavyBall extends UpdaterConfiguration {
  private static final long serialVersionUID = 1L;

  private final double momentum;

  private HeavyBall(Builder builder) {
    super(builder);
    this.momentum = rate("momentum", builder.momentum);
  }

  /** Starts building. */
  public static Builder builder() {
    return new Builder();
  }

  /** γ. */
  public double getMomentum() {
    return momentum;
  }

  @Override
  protected Map<String, Object> parameters() {
    Map<String, Object> parameters = super.parameters();
    parameters.put("momentum", momentum);
    return parameters;
  }

  @Override
  protected List<String> stateNames() {
    return List.of("V");
  }

  @Override
  protected Rule rule(Step step) {
    return new Update(getLearningRate(step), momentum);
  }

  private record Update(double learningRate, double momentum) implements Rule {
    @Override
    public <C extends Cells<C>> void apply(C g, List<C> state) {
      C v = state.get(0);
      v.combine(momentum, v, 1, g); // v ← γ v + g
      g.set(learningRate, v); // g ← η v
    }
  }

  /** Builds a {@link HeavyBall}. */
  public static final class Builder extends UpdaterConfiguration.Builder<Builder> {
    private double momentum = 0.9;

    /** Starts with the defaults. */
    public Builder() {
      super(0.1);
    }

    /** Sets γ, in [0, 1); default 0.9. */
    @Given
    public Builder momentum(double momentum) {
      this.momentum = momentum;
      return this;
    }

    @Override
    public HeavyBall build() {
      return new HeavyBall(this);
    }
  }
}
