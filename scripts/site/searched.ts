// What is searched: the same where the index is made and where it is used.

export const SEARCHED = {
  fields: ["title", "heading", "text"],
  storeFields: ["page", "anchor", "title", "heading"],
  // Names such as s6-svc and S6_VERBOSITY are one word, and their parts are words too.
  tokenize: (text: string): string[] =>
    text.split(/[^\p{L}\p{N}_.-]+/u).flatMap((word) => {
      const plain = word.replace(/^[.-]+|[.-]+$/g, "");
      const parts = plain.split(/[-_.]/).filter((part) => part !== "");
      return parts.length > 1 ? [plain, ...parts] : parts;
    }),
};
