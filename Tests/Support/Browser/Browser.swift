import HTTP
package import JSON

/// A real Chromium, driven over the WebDriver protocol: one for all tests of a process, one tab that each test opens
/// anew. Tests that use it are `.serialized`.
///
/// Nothing here sleeps: `waitFor` asks the page at each of its frames.
package final class Browser: Sendable {
    package static let shared = Result { try Browser() }

    private let process: BrowserProcess
    private let session: String
    /// How long something may take that a person would not wait for: only a machine that does too much needs it.
    package static let patienceSeconds = 60
    /// Longer than any wait inside of a page.
    private static let driverSeconds = 180

    private init() throws {
        process = try BrowserProcess()
        let options: JSONValue = .object([
            "args": .array(
                [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                    "--no-first-run", "--disable-background-networking", "--disable-component-update",
                    "--force-color-profile=srgb", "--window-size=1280,800",
                ].map { .string($0) })
        ])
        let wanted: JSONValue = .object([
            "capabilities": .object([
                "alwaysMatch": .object([
                    "timeouts": .object([
                        "script": .integer(Int64(Self.driverSeconds) * 1000),
                        "pageLoad": .integer(Int64(Self.driverSeconds) * 1000),
                    ]),
                    "goog:loggingPrefs": .object(["browser": .string("ALL")]), "goog:chromeOptions": options,
                ])
            ])
        ])
        let answer = try Self.ask(process.port, "POST", "/session", wanted)
        guard case .object(let object) = answer, case .string(let id)? = object["sessionId"] else {
            throw BrowserError(message: "no session: \(answer)")
        }
        session = id
    }

    // MARK: Pages

    /// Opens a URL in an empty tab: nothing is left of the test before.
    package func open(_ url: String, width: Int = 1280, height: Int = 800, isDark: Bool = false) throws {
        try ask("POST", "/url", .object(["url": .string("about:blank")]))
        _ = try consoleErrors()
        try resize(width: width, height: height)
        try protocolCommand(
            "Emulation.setEmulatedMedia",
            .object([
                "features": .array([
                    .object(["name": .string("prefers-color-scheme"), "value": .string(isDark ? "dark" : "light")]),
                    .object(["name": .string("prefers-reduced-motion"), "value": .string("reduce")]),
                ])
            ]))
        try protocolCommand(
            "Storage.clearDataForOrigin", .object(["origin": .string("*"), "storageTypes": .string("all")]))
        try ask("POST", "/url", .object(["url": .string(url)]))
    }

    package func resize(width: Int, height: Int) throws {
        try protocolCommand(
            "Emulation.setDeviceMetricsOverride",
            .object([
                "width": .integer(Int64(width)), "height": .integer(Int64(height)), "deviceScaleFactor": .integer(1),
                "mobile": .bool(false),
            ]))
    }

    package func reload() throws { try ask("POST", "/refresh", .object([:])) }
    package func back() throws { try ask("POST", "/back", .object([:])) }

    package var url: String {
        get throws {
            guard case .string(let text) = try ask("GET", "/url") else { return "" }
            return text
        }
    }

    // MARK: Looking

    /// Runs the body of a JavaScript function in the page; `arguments[0]`… are `arguments`.
    @discardableResult
    package func run(_ script: String, _ arguments: JSONValue...) throws -> JSONValue {
        try ask("POST", "/execute/sync", .object(["script": .string(script), "args": .array(arguments)]))
    }

    /// Waits until a JavaScript expression is true, or answers something that is, and answers that.
    @discardableResult
    package func waitFor(_ expression: String, within seconds: Int = patienceSeconds) throws -> JSONValue {
        let script = """
            const [limit, done] = arguments, end = performance.now() + limit * 1000;
            const read = () => (\(expression));
            let problem = null;
            (function look() {
                try { const value = read(); if (value) return done({ value: value instanceof Node ? true : value }); } catch (error) { problem = String(error); }
                if (performance.now() > end) return done({ problem: problem ?? "it stayed false", page: document.body.innerText.slice(0, 1500) });
                setTimeout(look, 15);
            })();
            """
        let answer = try askLooking(
            .object(["script": .string(script), "args": .array([.integer(Int64(seconds))])]))
        guard case .object(let object) = answer, object["problem"] == nil else {
            throw BrowserError(message: "waited in vain for `\(expression)`: \(answer); \(try consoleErrors())")
        }
        return object["value"] ?? .null
    }

    /// The driver calls it a timeout, at once, if the page changes its address under a script that waits; the script's own
    /// limit is far below the driver's, so that it is never a true one.
    private func askLooking(_ script: JSONValue) throws -> JSONValue {
        for _ in 0..<10 {
            do {
                return try ask("POST", "/execute/async", script)
            } catch let error as BrowserError where error.message.contains("script timeout") {
                continue
            }
        }
        return try ask("POST", "/execute/async", script)
    }

    /// Waits until an element that the selector finds is there and its text contains `text`.
    package func waitForText(_ text: String, in selector: String = "body") throws {
        try waitFor(
            "[...document.querySelectorAll(\(quoted(selector)))].some((e) => e.innerText.includes(\(quoted(text))))")
    }

    /// The texts of all elements that the selector finds.
    package func texts(_ selector: String) throws -> [String] {
        let found = try run(
            "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText.trim())", .string(selector))
        guard case .array(let items) = found else { return [] }
        return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    package func text(_ selector: String) throws -> String { try texts(selector).first ?? "" }

    package func count(_ selector: String) throws -> Int { try texts(selector).count }

    /// A PNG.
    package func screenshot() throws -> [UInt8] {
        guard case .string(let text) = try ask("GET", "/screenshot") else { return [] }
        return Base64.decode(text) ?? []
    }

    /// What the console says that is a warning or worse, since this was last asked: failed requests and breaches of the
    /// Content-Security-Policy, too.
    package func consoleErrors() throws -> [String] {
        guard case .array(let entries) = try ask("POST", "/se/log", .object(["type": .string("browser")])) else {
            return []
        }
        return entries.compactMap { entry in
            guard case .object(let object) = entry, case .string(let level)? = object["level"],
                case .string(let message)? = object["message"], level == "SEVERE" || level == "WARNING"
            else { return nil }
            return message
        }
    }

    // MARK: Acting

    /// Waits for the element, and clicks on it as a person does.
    package func click(_ selector: String) throws {
        try elementCall(selector, "/click", .object([:]))
    }

    /// Puts the text in place of what is in the field.
    package func type(_ text: String, into selector: String) throws {
        try elementCall(selector, "/clear", .object([:]))
        try elementCall(selector, "/value", .object(["text": .string(text)]))
    }

    /// Presses keys one after the other, wherever the focus is: letters as they are, others by `Key`.
    package func press(_ keys: String...) throws {
        let actions = keys.flatMap { key -> [JSONValue] in
            key.unicodeScalars.flatMap { letter in
                ["keyDown", "keyUp"].map { type -> JSONValue in
                    .object(["type": .string(type), "value": .string(String(letter))])
                }
            }
        }
        try act("key", actions)
    }

    /// One key while another is held: `press(Key.control, with: "k")`.
    package func press(_ held: String, with key: String) throws {
        func step(_ type: String, _ value: String) -> JSONValue {
            .object(["type": .string(type), "value": .string(value)])
        }
        try act("key", [step("keyDown", held), step("keyDown", key), step("keyUp", key), step("keyUp", held)])
    }

    /// Drags with the mouse from one place of the window to another.
    package func drag(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) throws {
        func move(_ x: Int, _ y: Int) -> JSONValue {
            .object([
                "type": .string("pointerMove"), "duration": .integer(30), "x": .integer(Int64(x)),
                "y": .integer(Int64(y)),
            ])
        }
        try act(
            "pointer",
            [
                move(start.x, start.y), .object(["type": .string("pointerDown"), "button": .integer(0)]),
                move((start.x + end.x) / 2, (start.y + end.y) / 2), move(end.x, end.y),
                .object(["type": .string("pointerUp"), "button": .integer(0)]),
            ])
    }

    /// A command of Chromium's own protocol, such as `Network.emulateNetworkConditions`.
    @discardableResult
    package func protocolCommand(_ command: String, _ parameters: JSONValue = .object([:])) throws -> JSONValue {
        try ask("POST", "/goog/cdp/execute", .object(["cmd": .string(command), "params": parameters]))
    }

    private func act(_ kind: String, _ actions: [JSONValue]) throws {
        let device: JSONValue = .object([
            "type": .string(kind), "id": .string(kind), "actions": .array(actions),
        ])
        try ask("POST", "/actions", .object(["actions": .array([device])]))
    }

    /// A view may draw the element anew between finding and using it: then once more.
    private func elementCall(_ selector: String, _ call: String, _ body: JSONValue) throws {
        try waitFor("document.querySelector(\(quoted(selector)))?.checkVisibility()")
        for attempt in 1... {
            do {
                let found = try ask(
                    "POST", "/element", .object(["using": .string("css selector"), "value": .string(selector)]))
                guard case .object(let object) = found, let key = object.keys.first, case .string(let id)? = object[key]
                else { throw BrowserError(message: "no element \(selector)") }
                try ask("POST", "/element/\(id)\(call)", body)
                return
            } catch let error as BrowserError where attempt < 5 && error.message.contains("stale element") {
                continue
            }
        }
    }

    // MARK: WebDriver

    @discardableResult
    private func ask(_ method: String, _ path: String, _ body: JSONValue? = nil) throws -> JSONValue {
        try Self.ask(process.port, method, "/session/\(session)\(path)", body)
    }

    private static func ask(
        _ port: UInt16, _ method: String, _ path: String, _ body: JSONValue?
    ) throws -> JSONValue {
        let client = try RawClient(port: port, timeoutSeconds: driverSeconds + 30)
        let bytes = body.map { Array($0.text().utf8) } ?? []
        guard
            let reply = client.request(method, path, headers: ["Content-Type: application/json"], body: bytes),
            case .object(let object) = try JSONValue(parsing: reply.body)
        else { throw BrowserError(message: "chromedriver did not answer \(method) \(path)") }
        let value = object["value"] ?? .null
        if reply.status != 200 { throw BrowserError(message: "\(method) \(path): \(value)") }
        return value
    }

    private func quoted(_ text: String) -> String { JSONValue.string(text).text() }
}

/// What WebDriver calls keys that are no letters.
package enum Key {
    package static let enter = "\u{E007}"
    package static let escape = "\u{E00C}"
    package static let tab = "\u{E004}"
    package static let down = "\u{E015}"
    package static let up = "\u{E013}"
    package static let backspace = "\u{E003}"
    package static let control = "\u{E009}"
    package static let shift = "\u{E008}"
}

package struct BrowserError: Error, CustomStringConvertible {
    let message: String

    package var description: String { String(message.prefix(3000)) }
}
