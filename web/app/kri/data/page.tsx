import { languages } from '../../../lib/words';
import { metadataFor } from '../../../screens/document';
import { DataScreen } from '../../../screens/plain';

const Page = () => <DataScreen language="kri" />;

export const metadata = metadataFor(languages.kri.words.data.title, 'kri');
export default Page;
