// A unified diff, as Git prints it, in files, hunks and lines.

/** `[{ path, note, hunks: [{ title, lines: [{ kind, text, before, after }] }], added, removed }]` */
export function parseDiff(text) {
  const files = [];
  let file = null;
  let hunk = null;
  let [before, after] = [0, 0];
  for (const line of text.split("\n")) {
    if (line.startsWith("diff --git ")) {
      file = { path: pathOf(line), note: "", hunks: [], added: 0, removed: 0 };
      hunk = null;
      files.push(file);
    } else if (file && line.startsWith("@@")) {
      const numbers = line.match(/^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$/);
      if (!numbers) continue;
      [before, after] = [Number(numbers[1]), Number(numbers[2])];
      hunk = { title: numbers[3].trim(), lines: [] };
      file.hunks.push(hunk);
    } else if (file && !hunk) {
      note(file, line);
    } else if (hunk) {
      const sign = line[0];
      const rest = line.slice(1);
      if (sign === "+") {
        hunk.lines.push({ kind: "added", text: rest, after });
        file.added += 1;
        after += 1;
      } else if (sign === "-") {
        hunk.lines.push({ kind: "removed", text: rest, before });
        file.removed += 1;
        before += 1;
      } else if (sign === " ") {
        hunk.lines.push({ kind: "same", text: rest, before, after });
        before += 1;
        after += 1;
      }
    }
  }
  return files;
}

function pathOf(line) {
  const match = line.match(/^diff --git "?a\/(.*?)"? "?b\/(.*?)"?$/);
  return match ? match[2] : line.slice("diff --git ".length);
}

function note(file, line) {
  if (line.startsWith("+++ b/")) file.path = line.slice("+++ b/".length);
  else if (line.startsWith("new file")) file.note = "new file";
  else if (line.startsWith("deleted file")) file.note = "deleted";
  else if (line.startsWith("rename from ")) file.note = `renamed from ${line.slice("rename from ".length)}`;
  else if (line.startsWith("GIT binary patch") || line.startsWith("Binary files")) file.note = file.note || "binary";
}
