import { holdCommand } from '../hold.ts';
export const command = holdCommand('resume');
