import JSON
import TestSupport
import Testing

extension AllPageTests {
    @Suite struct ShellTests {
        @Test func `the page opens on an empty project and says what to do next`() throws {
            let page = try Page()
            try page.open("/")
            try page.browser.waitForText("No run yet", in: "h2")
            try page.browser.waitFor("document.querySelector('.nav-live').dataset.state === 'live'")
            try page.expectQuietConsole()
        }

        @Test func `keys lead through the page, and the palette finds commands`() throws {
            let page = try Page()
            try page.open("/experiments")
            try page.browser.waitForText("Experiments", in: "h1")
            try page.browser.press("?")
            try page.browser.waitForText("Show the keys", in: "dialog")
            try page.browser.press(Key.escape)
            try page.browser.waitFor("!document.querySelector('dialog')")
            try page.browser.press(Key.control, with: "k")
            try page.browser.waitFor("document.activeElement.matches('.palette-input')")
            try page.browser.press("light or")
            try page.browser.waitForText("Light or dark", in: ".palette [aria-selected=true]")
            try page.browser.press(Key.enter)
            try page.browser.waitFor("document.documentElement.dataset.theme === 'dark'")
            try page.browser.reload()
            try page.browser.waitFor("document.documentElement.dataset.theme === 'dark'")
            try page.expectQuietConsole()
        }

        @Test func `what changes waits while one has paused, and comes when one goes on`() throws {
            let page = try Page(RunsTableTests.files, runs: [RunsTableTests.runs[0]])
            try page.open("/runs")
            try page.expectRows(["one"])
            try page.browser.waitFor("document.querySelector('.nav-live').dataset.state === 'live'")
            try page.browser.click("button.nav-live")
            try page.browser.waitForText("Paused", in: ".nav-live")
            try page.project.succeed("run", "--name", "later", "-S", "seed=3")
            #expect(try page.send("GET", "/api/v1/table").text.contains("later"))
            try page.expectRows(["one"])
            try page.browser.click("button.nav-live")
            try page.expectRows(["later", "one"])
            try page.expectQuietConsole()
        }

        /// A browser has six connections for a server: pages that were left must not hold them.
        @Test func `any number of pages may be opened one after the other`() throws {
            let page = try Page()
            for _ in 0..<10 {
                try page.open("/experiments")
                try page.browser.waitFor("document.querySelector('.nav-live').dataset.state === 'live'")
            }
            try page.expectQuietConsole()
        }

        @Test func `a page that does not exist says so`() throws {
            let page = try Page()
            try page.open("/runs/a/b/c/d/e")
            try page.browser.waitForText("there is no page at", in: "[role=alert]")
        }

        @Test func `a server with tokens asks for one, and a cookie that no script can read stands for it`() throws {
            let tokens = "admin boss cccccccccccccccc\nread viewer aaaaaaaaaaaaaaaa\n"
            let page = try Page(
                ["tokens": tokens], command: ["server", "--port", "0", "--tokens", "tokens", "--json"])
            try page.open("/experiments")
            try page.browser.waitForText("This server asks for a token")
            try page.browser.type("not the right one", into: "#token")
            try page.browser.press(Key.enter)
            try page.browser.waitForText("this server does not know the token", in: "[role=alert]")
            try page.browser.type("aaaaaaaaaaaaaaaa", into: "#token")
            try page.browser.press(Key.enter)
            try page.browser.waitForText("Experiments", in: "h1")
            #expect(try page.browser.run("return document.cookie") == .string(""))
            try page.browser.waitForText("Log out viewer", in: "nav")
            try page.browser.reload()
            try page.browser.waitForText("Experiments", in: "h1")
            try page.browser.click("nav [title='Log out viewer']")
            try page.browser.waitForText("This server asks for a token")
            try page.expectQuietConsole(except: ["401 (Unauthorized)"])
        }
    }
}
