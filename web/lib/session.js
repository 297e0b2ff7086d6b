// Who looks at the page, and what they may do.
import { get } from "./api.js";

let known = null;

/** { name, role, usesTokens, project, version }; asked for once. */
export function session() {
  known ??= get("/session").catch((error) => {
    known = null;
    throw error;
  });
  return known;
}

/** After a login or a logout. */
export function forgetSession() {
  known = null;
}

const ranks = { read: 1, write: 2, admin: 3 };

/** Whether the role allows what needs `role`; false while nobody is logged in. */
export async function may(role) {
  try {
    return ranks[(await session()).role] >= ranks[role];
  } catch {
    return false;
  }
}
