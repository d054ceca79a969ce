/** Money as people write it. */

/** An amount of money: `$0.004`, `$1.20`; `<$0.001` for less. */
export function dollars(amount: number): string {
  if (amount > 0 && amount < 0.0005) return "<$0.001";
  return amount > 0 && amount < 0.1 ? `$${amount.toFixed(3)}` : `$${amount.toFixed(2)}`;
}
