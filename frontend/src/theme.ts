// Light, dark, or as the system says: the server wrote the choice into <html data-theme>; a switch changes it at once.
import { all } from "./dom.ts";
import { ask } from "./net.ts";
import { complain, speak } from "./say.ts";

const NEXT: Record<string, string> = { auto: "light", light: "dark", dark: "auto" };
const WORDS: Record<string, string> = { auto: "Colors follow your system", light: "Light colors", dark: "Dark colors" };

export function watchTheme(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-action="theme"]');
    if (!button) return;
    event.preventDefault();
    void choose(NEXT[document.documentElement.dataset.theme ?? "auto"] ?? "auto");
  });
  document.addEventListener("change", (event) => {
    const field = event.target as HTMLInputElement;
    if (field.name === "theme" && field.value in WORDS) void choose(field.value);
  });
}

async function choose(theme: string): Promise<void> {
  document.documentElement.dataset.theme = theme;
  speak(WORDS[theme] ?? "");
  for (const field of all<HTMLInputElement>(`input[name=theme][value="${theme}"]`)) field.checked = true;
  for (const label of all("[data-theme-label]")) label.textContent = WORDS[theme] ?? "";
  try {
    await ask("POST", "/api/settings", { theme });
  } catch (error) {
    complain(error);
  }
}
