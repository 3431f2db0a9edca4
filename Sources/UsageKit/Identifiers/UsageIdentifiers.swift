public import SaaSCore

/// Names a run: one piece of work that a user asked for, unique within its organisation.
public struct RunID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names a usage event, unique within its organisation; sent again, it is the same event.
public struct EventID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names a step of a run in the host application's own words, `draft` or `3` for example.
public struct StepID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names the kind of work that a run does, `review` for example.
public struct WorkflowName: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names who runs a model, `openai` for example, as the rate card spells it.
public struct ProviderName: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names a model as its provider does, `gpt-4o-2024-08-06` for example.
public struct ModelName: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names a provider's service tier, `batches`, `flex` or `priority` for example.
public struct ServiceTier: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}
