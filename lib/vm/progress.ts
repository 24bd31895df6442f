/** Is told in one line what is being done. */
export type Progress = (line: string) => void;
