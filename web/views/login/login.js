// Logging in where the server asks for tokens: the token is sent once, and a cookie that no script can read stands for
// it from then on.
import { fill, h } from "../../lib/dom.js";
import { post } from "../../lib/api.js";
import { navigate } from "../../lib/router.js";
import { forgetSession } from "../../lib/session.js";
import { errorBox } from "../../components/errorBox.js";

export function mount(outlet, { query }) {
  const problem = h("div");
  const field = h("input#token.field", {
    type: "password", autocomplete: "current-password", required: true, spellcheck: false,
  });
  const button = h("button.button.primary", { type: "submit" }, "Log in");
  const form = h("form.login", {
    onsubmit: async (event) => {
      event.preventDefault();
      button.disabled = true;
      try {
        await post("/session", { token: field.value.trim() });
        forgetSession();
        navigate(safeTarget(query.get("to")), { replace: true });
      } catch (error) {
        fill(problem, errorBox(error));
        button.disabled = false;
        field.select();
      }
    },
  }, h("h1", "Log in"), h("p.quiet", "This server asks for a token. Whoever runs it can give you one."),
    h("label", { htmlFor: "token" }, "Token"), field, problem, button);
  fill(outlet, form);
  field.focus();
}

/** Back to where one came from, but never to another site. */
function safeTarget(target) {
  return target && /^\/(?![/\\])/.test(target) ? target : "/";
}
