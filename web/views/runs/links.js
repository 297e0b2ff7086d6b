// Paths of the API and of the page from words that may hold anything.
export function apiPath(...words) {
  return "/" + words.map((word) => encodeURIComponent(word)).join("/");
}
