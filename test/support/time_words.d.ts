export function relativeText(at: number, now: number): string;
export function exactText(at: number, zone?: string): string;
export function clockText(at: number, length: number | "day", zone?: string): string;
