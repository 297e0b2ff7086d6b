package import Files
import Hashing
package import Objects
import Workspaces

extension PipelineParts {
    /// The inputs of a stage as they are now. `predicted` stands for outs that the workspace does not hold yet, `seen` for
    /// what was looked at a moment ago. A dep that is absent, or a param that its file does not have, is an error.
    package func readInputs(
        of stage: Stage, predicted: [RelativePath: Fingerprint] = [:], seen: [RelativePath: Fingerprint] = [:]
    ) throws -> StageInputs {
        let dependencies = try stage.dependencies.map { dependency in
            let known = predicted[dependency.path] ?? seen[dependency.path]
            guard let fingerprint = try known ?? workspace.fingerprint(dependency.path) else {
                throw StageError.dependencyMissing(
                    stage: stage.name, path: dependency.path, location: dependency.location)
            }
            return InputFile(path: dependency.path, fingerprint: fingerprint)
        }
        return StageInputs(
            commands: stage.commands, workingDirectory: stage.workingDirectory, dependencies: dependencies,
            params: try params.read(stage.params).flatMap { file, values in
                values.map { InputParam(file: file, key: $0.key, value: $0.value) }
            }, environment: stage.environment.map(inputVariable),
            outputs: stage.outputs.map(DeclaredOutput.init))
    }

    /// What the workspace holds at each out of a stage, or held when `seen` was looked at.
    func readOutputs(of stage: Stage, seen: [RelativePath: Fingerprint] = [:]) throws -> [PresentOutput] {
        try stage.outputs.map { output in
            PresentOutput(
                path: output.path, fingerprint: try seen[output.path] ?? workspace.fingerprint(output.path))
        }
    }

    private func inputVariable(_ variable: EnvironmentVariable) -> InputVariable {
        let value = variable.value ?? environment[variable.name]
        return InputVariable(name: variable.name, valueHash: variableHash(value))
    }

    /// The decision about a stage whose inputs are known.
    func decide(
        _ stage: Stage, inputs: StageInputs, isForced: Bool, seen: [RelativePath: Fingerprint] = [:]
    ) throws -> StageDecision {
        let decider = StageDecider(
            stage: stage, inputs: inputs, locked: lock.current.stages[stage.name],
            presentOutputs: try readOutputs(of: stage, seen: seen), isForced: isForced)
        return try decider.decide(
            cached: { try runCache.entry(for: $0)?.outputs ?? results?.outputs(for: $0) },
            isComplete: { try isKept($0) || results?.offers($0) == true })
    }

    /// Whether the store here has all of it.
    func isKept(_ outputs: [LockedOutput]) throws -> Bool {
        try outputs.allSatisfy { try workspace.isKept($0.fingerprint) }
    }
}

/// What is kept of the value of a variable. Nil: it is not set.
func variableHash(_ value: String?) -> SHA256Digest? { value.map { SHA256.hash(Array($0.utf8)) } }
