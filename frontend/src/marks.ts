/** A remark of the linter; lines and columns count from 1. */
export interface Mark {
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  code: string;
  message: string;
  severity: "error" | "warning";
}
