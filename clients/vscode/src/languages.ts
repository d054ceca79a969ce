/** The languages that the server reads, by the editor's names. */
export const LANGUAGES = ["python", "javascript", "javascriptreact", "typescript", "typescriptreact", "sql"];
