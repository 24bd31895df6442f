/** The JSON that lib/report/html/ladderBook.ts puts into the page. */
type PageLayer = [layer: string, fields: [name: string, value: string][]];
interface PageFrame {
  hex: string;
  summary: string;
  layers: PageLayer[];
}
interface PageCopy {
  at: number;
  differences: string[];
  frame: number;
}
interface PageLeaf {
  leaf: string;
  outcome: string;
  word: string;
  tone: string;
  copies: PageCopy[];
}
interface PageDelivery {
  probe: number;
  kind: string;
  sender: string;
  form: string;
  duty: string;
  verdict: string;
  experiment: string;
  sent: string;
  skew: number | null;
  frame: number;
  due: number;
  dead: string[];
  leaves: PageLeaf[];
}
interface PageLadder {
  title: string;
  leaves: string[];
  examples: number[][];
  total: number;
  evidence: string[];
}
interface LadderData {
  ladders: PageLadder[];
  deliveries: PageDelivery[];
  frames: PageFrame[];
}
