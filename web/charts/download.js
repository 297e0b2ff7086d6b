// Saving what the page has made, without the server.

function saveBlob(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[\u0000-\u001f/\\:*?"<>|]+/g, "-").slice(0, 120);
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const saveText = (text, name, type) => saveBlob(new Blob([text], { type: `${type};charset=utf-8` }), name);

export const saveCanvas = (canvas, name) => canvas.toBlob((blob) => blob && saveBlob(blob, name), "image/png");
