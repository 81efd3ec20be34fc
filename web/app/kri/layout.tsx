import type { ReactNode } from 'react';
import { Document, viewport } from '../../screens/document';
import '../../styles/site.css';

const Layout = ({ children }: { readonly children: ReactNode }) => <Document language="kri">{children}</Document>;

export { viewport };
export default Layout;
