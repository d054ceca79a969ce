/** The workspace's selected Python interpreter, where the Python extension is there. */

import * as vscode from "vscode";

interface PythonApi {
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(path: unknown): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
    onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

/** The interpreter's file; undefined when there is no Python extension or nothing is selected. */
export async function selectedInterpreter(folder?: vscode.Uri): Promise<string | undefined> {
  const environments = (await python())?.environments;
  if (!environments) return undefined;
  try {
    const active = environments.getActiveEnvironmentPath(folder);
    return (await environments.resolveEnvironment(active))?.executable.uri?.fsPath;
  } catch {
    return undefined;
  }
}

/** Hears when another interpreter is selected. */
export async function onInterpreter(heard: () => void): Promise<vscode.Disposable | undefined> {
  return (await python())?.environments?.onDidChangeActiveEnvironmentPath(heard);
}

async function python(): Promise<PythonApi | undefined> {
  const extension = vscode.extensions.getExtension<PythonApi>("ms-python.python");
  try {
    return await extension?.activate();
  } catch {
    return undefined;
  }
}
