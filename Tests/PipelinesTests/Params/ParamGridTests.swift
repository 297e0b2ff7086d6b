import Diagnostics
import Pipelines
import Testing

@Suite struct ParamGridTests {
    @Test(
        arguments: [
            (["dim=50"], [["dim=50"]]),
            (["dim=50,70, 100"], [["dim=50"], ["dim=70"], ["dim=100"]]),
            (["a=1,2", "b=x,y"], [["a=1", "b=x"], ["a=1", "b=y"], ["a=2", "b=x"], ["a=2", "b=y"]]),
            (["lr=choice(0.1, 0.2)"], [["lr=0.1"], ["lr=0.2"]]),
            (["n=range(3)"], [["n=0"], ["n=1"], ["n=2"]]),
            (["n=range(1, 10, 4)"], [["n=1"], ["n=5"], ["n=9"]]),
            (["n=range(3, 0, -2)"], [["n=3"], ["n=1"]]),
            (["x=range(0.1, 0.4, 0.1)"], [["x=0.1"], ["x=0.2"], ["x=0.3"]]),
            (["name=\"a,b\""], [["name=\"a,b\""]]),
            (["list=[1, 2],[3]"], [["list=[1, 2]"], ["list=[3]"]]),
            (["~old"], [["~old"]]),
            (["f.yaml:k=a,b"], [["f.yaml:k=a"], ["f.yaml:k=b"]]),
            ([], [[]]),
        ] as [([String], [[String]])])
    func `choices make every combination`(overrides: [String], expected: [[String]]) throws {
        #expect(try expandedGrid(overrides) == expected)
    }

    @Test(arguments: ["a=1,,2", "n=range(1, x)", "n=range(1, 5, 0)", "n=range(5, 1)", "n=range()"])
    func `a choice that says nothing is refused`(override: String) {
        let error = #expect(throws: ParamError.self) { try expandedGrid([override]) }
        #expect(error?.message == "`\(override)` does not set a param")
    }

    @Test func `a grid has a limit`() {
        let error = #expect(throws: ParamError.self) { try expandedGrid(["a=range(200)", "b=range(200)"]) }
        #expect(error?.message == "the choices of -S make more than 10000 runs")
    }
}
