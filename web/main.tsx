import { render } from 'preact';
import * as z from 'zod';
import { App } from './app.tsx';

// Compiling a schema needs eval, which the page's own policy forbids.
z.config({ jitless: true });
render(<App />, document.getElementById('page')!);
