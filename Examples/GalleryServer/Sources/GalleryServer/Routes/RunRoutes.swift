internal import BillingKit
internal import HTTPTypes
internal import Hummingbird
internal import SaaSCore
internal import TenancyKit
internal import UsageKit

/// Runs and their steps: `POST /api/runs`, `/api/runs/{id}/steps`, `/api/runs/{id}/finish`.
struct RunRoutes {
  let services: GalleryServices

  private struct NewRun: Decodable {
    let workflow: String
    let runId: String?
  }

  private struct NewStep: Decodable {
    let step: String
    let attempt: Int
    let provider: String
    let model: String
    let promptTokens: Int64
    let cachedPromptTokens: Int64?
    let cacheWritePromptTokens: Int64?
    let completionTokens: Int64
    let serviceTier: String?
    let durationMs: Int64
    let resultSize: Int64?
  }

  private struct Finish: Decodable {
    let outcome: String
    let artifactCount: Int64?
  }

  private struct RunAnswer: Encodable {
    let runId: String
    let workflow: String
    let userId: String
    let outcome: String
    let startedAt: Timestamp
    let finishedAt: Timestamp?

    init(_ run: Run) {
      runId = run.id.rawValue
      workflow = run.workflow.rawValue
      userId = run.userID.rawValue
      outcome = run.outcome.rawValue
      startedAt = run.startedAt
      finishedAt = run.finishedAt
    }
  }

  private struct StepAnswer: Encodable {
    let answer: String
  }

  func add(to routes: RouterGroup<GalleryRequestContext>) {
    routes.post("/api/runs") { request, context in try await start(request, context) }
    routes.post("/api/runs/:id/steps") { request, context in try await record(request, context) }
    routes.post("/api/runs/:id/finish") { request, context in try await finish(request, context) }
  }

  private func start(_ request: Request, _ context: GalleryRequestContext) async throws -> Response {
    let (tenant, member) = try context.requireMembership()
    let body = try await JSONAnswer.read(NewRun.self, of: request, context)
    let workflow: WorkflowName = try identifier(body.workflow, "workflow")
    let id: RunID? = try body.runId.map { try identifier($0, "runId") }
    let now = services.clock.now()
    let limit: RunLimit?
    do throws(AdmissionRefusal) {
      limit = try await services.admission.limit(for: tenant, at: now)
    } catch {
      // A run that was started before keeps its answer, though the limit is reached by now.
      if let id, let run = try await known(id, of: tenant) { return JSONAnswer.response(RunAnswer(run.run)) }
      throw APIError(error)
    }
    do throws(UsageRecorderError) {
      let run = try await services.recorder.start(workflow, by: member.userID, in: tenant, limit: limit, id: id)
      await checkLimits(of: tenant)
      return JSONAnswer.response(RunAnswer(run.run), status: .created)
    } catch {
      throw APIError(error)
    }
  }

  private func record(_ request: Request, _ context: GalleryRequestContext) async throws -> Response {
    let (tenant, _) = try context.requireMembership()
    let run = try await run(context, of: tenant)
    let body = try await JSONAnswer.read(NewStep.self, of: request, context)
    guard body.attempt >= 0 else {
      throw APIError(.unprocessableContent, "invalid", "attempt counts from 0 the times that the run does the step.")
    }
    let tokens: TokenCounts
    do throws(UsageValueError) {
      tokens = try TokenCounts(
        prompt: body.promptTokens, cachedPrompt: body.cachedPromptTokens ?? 0,
        cacheWritePrompt: body.cacheWritePromptTokens ?? 0, completion: body.completionTokens)
    } catch {
      throw APIError(.unprocessableContent, "invalid", "\(error)")
    }
    let step: StepID = try identifier(body.step, "step")
    let provider: ProviderName = try identifier(body.provider, "provider")
    let model: ModelName = try identifier(body.model, "model")
    let tier: ServiceTier? = try body.serviceTier.map { try identifier($0, "serviceTier") }
    let answer: UsageAnswer
    do throws(UsageRecorderError) {
      answer = try await services.recorder.record(
        step: step, attempt: body.attempt, of: run, provider: provider, model: model, tokens: tokens,
        took: .milliseconds(body.durationMs), resultSize: body.resultSize ?? 0, serviceTier: tier)
    } catch {
      throw APIError(error)
    }
    await checkLimits(of: tenant)
    return try Self.response(to: answer)
  }

  private static func response(to answer: UsageAnswer) throws(APIError) -> Response {
    switch answer {
    case .recorded, .updated: return JSONAnswer.response(StepAnswer(answer: "recorded"), status: .created)
    case .duplicate: return JSONAnswer.response(StepAnswer(answer: "duplicate"))
    case .conflict(let conflict): throw APIError(UsageRecorderError.conflict(conflict))
    case .refused(let refusal): throw APIError(UsageRecorderError.refused(refusal))
    }
  }

  private func finish(_ request: Request, _ context: GalleryRequestContext) async throws -> Response {
    let (tenant, _) = try context.requireMembership()
    let run = try await run(context, of: tenant)
    let body = try await JSONAnswer.read(Finish.self, of: request, context)
    guard let outcome = Run.Outcome(rawValue: body.outcome), outcome.isFinal else {
      throw APIError(.unprocessableContent, "invalidOutcome", "An outcome is succeeded, failed or cancelled.")
    }
    do throws(UsageRecorderError) {
      return JSONAnswer.response(
        RunAnswer(try await services.recorder.finish(run, outcome, artifacts: body.artifactCount)))
    } catch {
      throw APIError(error)
    }
  }

  /// The run that the path names, which is this tenant's or not there at all.
  private func run(_ context: GalleryRequestContext, of tenant: TenantContext) async throws -> ActiveRun {
    let id: RunID = try identifier(try context.parameters.require("id"), "id")
    guard let run = try await known(id, of: tenant) else {
      throw APIError(.notFound, "noSuchRun", "There is no such run.")
    }
    return run
  }

  private func known(_ id: RunID, of tenant: TenantContext) async throws(APIError) -> ActiveRun? {
    do { return try await services.recorder.run(id, of: tenant) } catch { throw APIError(error) }
  }

  /// Alerts at 80% and 100% as soon as they are due; the hourly job finds what a failure here leaves.
  private func checkLimits(of tenant: TenantContext) async {
    _ = try? await services.limits.check(tenant, at: services.clock.now())
  }

  private func identifier<Name: Identifier>(_ text: String, _ field: String) throws(APIError) -> Name {
    do {
      return try Name(text)
    } catch {
      throw APIError(.unprocessableContent, "invalidIdentifier", "\(field): \(error)")
    }
  }
}
