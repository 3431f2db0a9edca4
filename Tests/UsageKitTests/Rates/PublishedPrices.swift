/// Prices as their providers published them in 2025, per million tokens, as a card and in LiteLLM's format.
enum PublishedPrices {
  static let card = """
    {
      "id": "published",
      "rates": [
        {
          "provider": "openai", "model": "gpt-4o", "unit": "millionTokens",
          "prices": [
            { "prompt": "2.5", "cachedPrompt": "1.25", "completion": "10" },
            { "serviceTier": "batches", "prompt": "1.25", "cachedPrompt": "1.25", "completion": "5" },
            { "serviceTier": "priority", "prompt": "4.25", "cachedPrompt": "2.125", "completion": "17" }
          ]
        },
        {
          "provider": "openai", "model": "gpt-4o-mini", "unit": "millionTokens",
          "prices": [
            { "prompt": "0.15", "cachedPrompt": "0.075", "completion": "0.6" },
            { "serviceTier": "batches", "prompt": "0.075", "cachedPrompt": "0.075", "completion": "0.3" },
            { "serviceTier": "priority", "prompt": "0.25", "cachedPrompt": "0.125", "completion": "1" }
          ]
        },
        {
          "provider": "openai", "model": "gpt-4.1", "unit": "millionTokens",
          "prices": [
            { "prompt": "2", "cachedPrompt": "0.5", "completion": "8" },
            { "serviceTier": "batches", "prompt": "1", "cachedPrompt": "0.5", "completion": "4" }
          ]
        },
        {
          "provider": "openai", "model": "gpt-4.1-nano", "unit": "millionTokens",
          "prices": [
            { "prompt": "0.1", "cachedPrompt": "0.025", "completion": "0.4" }
          ]
        },
        {
          "provider": "openai", "model": "o3", "unit": "millionTokens",
          "prices": [
            { "prompt": "2", "cachedPrompt": "0.5", "completion": "8" },
            { "serviceTier": "flex", "prompt": "1", "cachedPrompt": "0.25", "completion": "4" },
            { "serviceTier": "priority", "prompt": "3.5", "cachedPrompt": "0.875", "completion": "14" },
            { "serviceTier": "batches", "prompt": "1", "cachedPrompt": "0.5", "completion": "4" }
          ]
        },
        {
          "provider": "openai", "model": "gpt-5", "unit": "millionTokens",
          "prices": [
            { "prompt": "1.25", "cachedPrompt": "0.125", "completion": "10" },
            { "serviceTier": "flex", "prompt": "0.625", "cachedPrompt": "0.0625", "completion": "5" },
            { "serviceTier": "priority", "prompt": "2.5", "cachedPrompt": "0.25", "completion": "20" },
            { "serviceTier": "batches", "prompt": "0.625", "cachedPrompt": "0.0625", "completion": "5" }
          ]
        },
        {
          "provider": "openai", "model": "text-embedding-3-small", "unit": "millionTokens",
          "prices": [
            { "prompt": "0.02", "completion": "0" },
            { "serviceTier": "batches", "prompt": "0.01", "completion": "0" }
          ]
        },
        {
          "provider": "anthropic", "model": "claude-sonnet-4-5", "unit": "millionTokens",
          "prices": [
            { "prompt": "3", "cachedPrompt": "0.3", "cacheWritePrompt": "3.75", "completion": "15" },
            { "serviceTier": "batches", "prompt": "1.5", "cachedPrompt": "0.15", "cacheWritePrompt": "1.875", "completion": "7.5" }
          ]
        },
        {
          "provider": "anthropic", "model": "claude-opus-4-5", "unit": "millionTokens",
          "prices": [
            { "prompt": "5", "cachedPrompt": "0.5", "cacheWritePrompt": "6.25", "completion": "25" },
            { "serviceTier": "batches", "prompt": "2.5", "cachedPrompt": "0.25", "cacheWritePrompt": "3.125", "completion": "12.5" }
          ]
        },
        {
          "provider": "anthropic", "model": "claude-sonnet-4", "unit": "millionTokens",
          "prices": [
            { "prompt": "3", "cachedPrompt": "0.3", "cacheWritePrompt": "3.75", "completion": "15" },
            { "promptAbove": 200000, "prompt": "6", "cachedPrompt": "0.6", "cacheWritePrompt": "7.5", "completion": "22.5" }
          ]
        },
        {
          "provider": "gemini", "model": "gemini-2.5-pro", "unit": "millionTokens",
          "prices": [
            { "prompt": "1.25", "cachedPrompt": "0.125", "completion": "10" },
            { "promptAbove": 200000, "prompt": "2.5", "cachedPrompt": "0.25", "completion": "15" },
            { "serviceTier": "priority", "prompt": "2.25", "cachedPrompt": "0.225", "completion": "18" },
            { "serviceTier": "priority", "promptAbove": 200000, "prompt": "4.5", "cachedPrompt": "0.45", "completion": "27" }
          ]
        },
        {
          "provider": "gemini", "model": "gemini-1.5-pro", "unit": "millionTokens",
          "prices": [
            { "prompt": "1.25", "cachedPrompt": "0.3125", "completion": "5" },
            { "promptAbove": 128000, "prompt": "2.5", "cachedPrompt": "0.625", "completion": "10" }
          ]
        },
        {
          "provider": "gemini", "model": "gemini-1.5-flash", "unit": "millionTokens",
          "prices": [
            { "prompt": "0.075", "cachedPrompt": "0.01875", "completion": "0.3" },
            { "promptAbove": 128000, "prompt": "0.15", "cachedPrompt": "0.0375", "completion": "0.6" }
          ]
        },
        {
          "provider": "xai", "model": "grok-4", "unit": "millionTokens",
          "prices": [
            { "prompt": "3", "cachedPrompt": "0.75", "completion": "15" },
            { "promptAbove": 128000, "prompt": "6", "cachedPrompt": "0.75", "completion": "30" }
          ]
        },
        {
          "provider": "deepseek", "model": "deepseek-chat", "unit": "millionTokens",
          "prices": [
            { "prompt": "0.28", "cachedPrompt": "0.028", "cacheWritePrompt": "0", "completion": "0.42" }
          ]
        },
        {
          "provider": "mistral", "model": "mistral-large", "unit": "millionTokens",
          "prices": [
            { "prompt": "2", "completion": "6" }
          ]
        }
      ]
    }
    """

  static let liteLLM = """
    {
      "sample_spec": {
        "input_cost_per_token": 0.0,
        "litellm_provider": "one of many",
        "mode": "one of: chat, embedding"
      },
      "gpt-4o": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 2.5e-06,
        "cache_read_input_token_cost": 1.25e-06,
        "output_cost_per_token": 1e-05,
        "input_cost_per_token_batches": 1.25e-06,
        "output_cost_per_token_batches": 5e-06,
        "input_cost_per_token_priority": 4.25e-06,
        "cache_read_input_token_cost_priority": 2.125e-06,
        "output_cost_per_token_priority": 1.7e-05
      },
      "gpt-4o-mini": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 1.5e-07,
        "cache_read_input_token_cost": 7.5e-08,
        "output_cost_per_token": 6e-07,
        "input_cost_per_token_batches": 7.5e-08,
        "output_cost_per_token_batches": 3e-07,
        "input_cost_per_token_priority": 2.5e-07,
        "cache_read_input_token_cost_priority": 1.25e-07,
        "output_cost_per_token_priority": 1e-06
      },
      "gpt-4.1": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 2e-06,
        "cache_read_input_token_cost": 5e-07,
        "output_cost_per_token": 8e-06,
        "input_cost_per_token_batches": 1e-06,
        "output_cost_per_token_batches": 4e-06
      },
      "gpt-4.1-nano": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 1e-07,
        "cache_read_input_token_cost": 2.5e-08,
        "output_cost_per_token": 4e-07
      },
      "o3": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 2e-06,
        "cache_read_input_token_cost": 5e-07,
        "output_cost_per_token": 8e-06,
        "input_cost_per_token_flex": 1e-06,
        "cache_read_input_token_cost_flex": 2.5e-07,
        "output_cost_per_token_flex": 4e-06,
        "input_cost_per_token_priority": 3.5e-06,
        "cache_read_input_token_cost_priority": 8.75e-07,
        "output_cost_per_token_priority": 1.4e-05,
        "input_cost_per_token_batches": 1e-06,
        "output_cost_per_token_batches": 4e-06
      },
      "gpt-5": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 1.25e-06,
        "cache_read_input_token_cost": 1.25e-07,
        "output_cost_per_token": 1e-05,
        "input_cost_per_token_flex": 6.25e-07,
        "cache_read_input_token_cost_flex": 6.25e-08,
        "output_cost_per_token_flex": 5e-06,
        "input_cost_per_token_priority": 2.5e-06,
        "cache_read_input_token_cost_priority": 2.5e-07,
        "output_cost_per_token_priority": 2e-05,
        "input_cost_per_token_batches": 6.25e-07,
        "cache_read_input_token_cost_batches": 6.25e-08,
        "output_cost_per_token_batches": 5e-06
      },
      "text-embedding-3-small": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 2e-08,
        "output_cost_per_token": 0.0,
        "input_cost_per_token_batches": 1e-08
      },
      "claude-sonnet-4-5": {
        "litellm_provider": "anthropic",
        "mode": "chat",
        "input_cost_per_token": 3e-06,
        "cache_read_input_token_cost": 3e-07,
        "cache_creation_input_token_cost": 3.75e-06,
        "output_cost_per_token": 1.5e-05,
        "input_cost_per_token_batches": 1.5e-06,
        "cache_read_input_token_cost_batches": 1.5e-07,
        "cache_creation_input_token_cost_batches": 1.875e-06,
        "output_cost_per_token_batches": 7.5e-06
      },
      "claude-opus-4-5": {
        "litellm_provider": "anthropic",
        "mode": "chat",
        "input_cost_per_token": 5e-06,
        "cache_read_input_token_cost": 5e-07,
        "cache_creation_input_token_cost": 6.25e-06,
        "output_cost_per_token": 2.5e-05,
        "input_cost_per_token_batches": 2.5e-06,
        "cache_read_input_token_cost_batches": 2.5e-07,
        "cache_creation_input_token_cost_batches": 3.125e-06,
        "output_cost_per_token_batches": 1.25e-05
      },
      "claude-sonnet-4": {
        "litellm_provider": "anthropic",
        "mode": "chat",
        "input_cost_per_token": 3e-06,
        "cache_read_input_token_cost": 3e-07,
        "cache_creation_input_token_cost": 3.75e-06,
        "output_cost_per_token": 1.5e-05,
        "input_cost_per_token_above_200k_tokens": 6e-06,
        "cache_read_input_token_cost_above_200k_tokens": 6e-07,
        "cache_creation_input_token_cost_above_200k_tokens": 7.5e-06,
        "output_cost_per_token_above_200k_tokens": 2.25e-05
      },
      "gemini/gemini-2.5-pro": {
        "litellm_provider": "gemini",
        "mode": "chat",
        "input_cost_per_token": 1.25e-06,
        "cache_read_input_token_cost": 1.25e-07,
        "output_cost_per_token": 1e-05,
        "input_cost_per_token_above_200k_tokens": 2.5e-06,
        "cache_read_input_token_cost_above_200k_tokens": 2.5e-07,
        "output_cost_per_token_above_200k_tokens": 1.5e-05,
        "input_cost_per_token_priority": 2.25e-06,
        "cache_read_input_token_cost_priority": 2.25e-07,
        "output_cost_per_token_priority": 1.8e-05,
        "input_cost_per_token_above_200k_tokens_priority": 4.5e-06,
        "cache_read_input_token_cost_above_200k_tokens_priority": 4.5e-07,
        "output_cost_per_token_above_200k_tokens_priority": 2.7e-05
      },
      "gemini/gemini-1.5-pro": {
        "litellm_provider": "gemini",
        "mode": "chat",
        "input_cost_per_token": 1.25e-06,
        "cache_read_input_token_cost": 3.125e-07,
        "output_cost_per_token": 5e-06,
        "input_cost_per_token_above_128k_tokens": 2.5e-06,
        "cache_read_input_token_cost_above_128k_tokens": 6.25e-07,
        "output_cost_per_token_above_128k_tokens": 1e-05
      },
      "gemini/gemini-1.5-flash": {
        "litellm_provider": "gemini",
        "mode": "chat",
        "input_cost_per_token": 7.5e-08,
        "cache_read_input_token_cost": 1.875e-08,
        "output_cost_per_token": 3e-07,
        "input_cost_per_token_above_128k_tokens": 1.5e-07,
        "cache_read_input_token_cost_above_128k_tokens": 3.75e-08,
        "output_cost_per_token_above_128k_tokens": 6e-07
      },
      "xai/grok-4": {
        "litellm_provider": "xai",
        "mode": "chat",
        "input_cost_per_token": 3e-06,
        "cache_read_input_token_cost": 7.5e-07,
        "output_cost_per_token": 1.5e-05,
        "input_cost_per_token_above_128k_tokens": 6e-06,
        "output_cost_per_token_above_128k_tokens": 3e-05
      },
      "deepseek/deepseek-chat": {
        "litellm_provider": "deepseek",
        "mode": "chat",
        "input_cost_per_token": 2.8e-07,
        "cache_read_input_token_cost": 2.8e-08,
        "cache_creation_input_token_cost": 0.0,
        "output_cost_per_token": 4.2e-07
      },
      "mistral/mistral-large": {
        "litellm_provider": "mistral",
        "mode": "chat",
        "input_cost_per_token": 2e-06,
        "output_cost_per_token": 6e-06
      },
      "openai/some-image-model": { "litellm_provider": "openai", "mode": "image_generation", "output_cost_per_image": 0.04 }
    }
    """
}
