/** Seconds as AWS takes them in most places: whole ones, of which a fraction is cut off; unset stays unset. */
export const wholeSeconds = <T extends number | undefined>(seconds: T): T | number =>
  seconds === undefined ? seconds : Math.trunc(seconds);
