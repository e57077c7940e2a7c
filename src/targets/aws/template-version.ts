/**
 * The version that stacks record of the templates of this program. It is higher than every version of the original, whose programs refuse
 * stacks that are newer than they are; the program's own version counts something else.
 */
export const templateVersion = "v2.0.0";
